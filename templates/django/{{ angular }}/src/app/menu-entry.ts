import { Component, computed, inject, input } from '@angular/core';
import { Router, RouterLink, RouterLinkActive } from '@angular/router';
import type { Entry } from './site';

/** A link of the menu: within this front end, or to a page that the server makes. */
@Component({
  selector: 'app-menu-entry',
  imports: [RouterLink, RouterLinkActive],
  template: `
    @if (isPage()) {
      <a [routerLink]="entry().url" routerLinkActive ariaCurrentWhenActive="page">{{
        entry().label
      }}</a>
    } @else {
      <a [href]="entry().url">{{ entry().label }}</a>
    }
  `,
})
export class MenuEntry {
  private readonly router = inject(Router);
  readonly entry = input.required<Entry>();
  protected readonly isPage = computed(() =>
    this.router.config.some(({ path }) => this.entry().url === `/${path}/`),
  );
}
