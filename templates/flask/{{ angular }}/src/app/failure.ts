import { Component, computed, effect, inject, input } from '@angular/core';
import { ApiError } from '../api/client';
import { NotFound } from './not-found';
import { showTitle, Site } from './site';

/** What is shown instead of a page whose data could not be read. */
@Component({
  selector: 'app-failure',
  imports: [NotFound],
  templateUrl: './failure.html',
})
export class Failure {
  private readonly site = inject(Site);
  readonly error = input.required<unknown>();
  protected readonly failure = computed(() => {
    const error = this.error();
    return error instanceof ApiError ? error : undefined;
  });
  protected readonly signIn = computed(() =>
    this.failure()?.status === 401 ? this.site.signIn() : null,
  );

  constructor() {
    showTitle(() => (this.failure()?.status === 404 ? 'Not found' : 'Error'));
    effect(() => {
      const address = this.signIn();
      if (address) window.location.replace(address);
    });
  }

  protected reload(): void {
    window.location.reload();
  }
}
