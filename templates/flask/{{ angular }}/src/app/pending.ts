import { Component, input } from '@angular/core';
import { Failure } from './failure';

/** What a page shows while its data comes, and where it cannot be had. */
@Component({
  selector: 'app-pending',
  imports: [Failure],
  template: `
    @if (error(); as error) {
      <app-failure [error]="error" />
    } @else {
      <p role="status">Loading…</p>
    }
  `,
})
export class Pending {
  readonly error = input<unknown>();
}
