import { Component, type ElementRef, inject, viewChild } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { NavigationEnd, Router, RouterLink, RouterOutlet } from '@angular/router';
import { distinctUntilChanged, filter, map, skip } from 'rxjs';
import { AccountMenu } from './account-menu';
import { MenuEntry } from './menu-entry';
import { Pending } from './pending';
import { Site } from './site';

/** The frame of all pages: the bar with its menu, the content, the line at the bottom. */
@Component({
  selector: 'app-root',
  imports: [AccountMenu, MenuEntry, Pending, RouterLink, RouterOutlet],
  templateUrl: './app.html',
})
export class App {
  private readonly content = viewChild<ElementRef<HTMLElement>>('content');
  protected readonly site = inject(Site);

  constructor() {
    // The focus goes to the content of a new page, as in a browser that loads one.
    inject(Router)
      .events.pipe(
        filter((event) => event instanceof NavigationEnd),
        map((event) => event.urlAfterRedirects.split(/[?#]/)[0]),
        distinctUntilChanged(),
        skip(1),
        takeUntilDestroyed(),
      )
      .subscribe(() => this.content()?.nativeElement.focus({ preventScroll: true }));
  }

  /** Development has a `<base>`, with which `#content` would be an address of the first page. */
  protected skip(event: Event): void {
    event.preventDefault();
    this.content()?.nativeElement.focus();
  }
}
