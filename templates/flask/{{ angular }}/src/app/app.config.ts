import {
  APP_BASE_HREF,
  LocationStrategy,
  TrailingSlashPathLocationStrategy,
} from '@angular/common';
import { type ApplicationConfig, provideBrowserGlobalErrorListeners } from '@angular/core';
import { provideRouter, withComponentInputBinding, withInMemoryScrolling } from '@angular/router';
import { routes } from './app.routes';

export const appConfig: ApplicationConfig = {
  providers: [
    provideBrowserGlobalErrorListeners(),
    provideRouter(
      routes,
      withComponentInputBinding(),
      withInMemoryScrolling({ scrollPositionRestoration: 'enabled' }),
    ),
    { provide: LocationStrategy, useClass: TrailingSlashPathLocationStrategy },
    // Said here, not by `<base>` in the page: the policy of the site allows none.
    { provide: APP_BASE_HREF, useValue: '/' },
  ],
};
