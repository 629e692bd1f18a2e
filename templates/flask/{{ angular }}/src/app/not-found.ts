import { Component } from '@angular/core';
import { RouterLink } from '@angular/router';
import { showTitle } from './site';

@Component({
  selector: 'app-not-found',
  imports: [RouterLink],
  template: `
    <div class="error">
      <p class="status" aria-hidden="true">404</p>
      <h1>Not found</h1>
      <p>There is nothing at this address. Check its spelling.</p>
      <p class="actions"><a class="button" routerLink="/">Go to the front page</a></p>
    </div>
  `,
})
export class NotFound {
  constructor() {
    showTitle(() => 'Not found');
  }
}
