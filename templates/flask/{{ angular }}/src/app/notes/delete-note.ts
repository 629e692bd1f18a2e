import { Component, inject, input, resource, signal } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { Pending } from '../pending';
import { showTitle } from '../site';
import { deleteNote, readNote } from './data';

@Component({
  selector: 'app-delete-note',
  imports: [Pending, RouterLink],
  templateUrl: './delete-note.html',
})
export class DeleteNote {
  private readonly router = inject(Router);
  readonly id = input.required<string>();
  protected readonly note = resource({
    params: () => this.id(),
    loader: ({ params, abortSignal }) => readNote(params, abortSignal),
  });
  protected readonly busy = signal(false);
  protected readonly error = signal<unknown>(undefined);

  constructor() {
    showTitle(() => 'Delete note');
  }

  protected async remove(event: Event): Promise<void> {
    event.preventDefault();
    this.busy.set(true);
    try {
      await deleteNote(Number(this.id()));
      await this.router.navigateByUrl('/notes');
    } catch (reason) {
      this.error.set(reason);
    }
  }
}
