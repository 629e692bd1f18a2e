import { Component, inject, input, linkedSignal, signal } from '@angular/core';
import { form, FormField, maxLength, required, submit } from '@angular/forms/signals';
import { Router, RouterLink } from '@angular/router';
import { ApiError, type Note } from '../../api/client';
import { atFields, FieldRow, RowControl } from '../field-row';
import { Rejection } from '../rejection';
import { showTitle } from '../site';
import type { Draft } from './data';

@Component({
  selector: 'app-note-form',
  imports: [FieldRow, FormField, Rejection, RouterLink, RowControl],
  templateUrl: './note-form.html',
})
export class NoteForm {
  private readonly router = inject(Router);
  readonly title = input.required<string>();
  readonly cancel = input.required<string>();
  readonly note = input<Note>();
  readonly save = input.required<(draft: Draft) => Promise<Note>>();

  protected readonly draft = linkedSignal<Draft>(() => {
    const { title = '', text = '' } = this.note() ?? {};
    return { title, text };
  });
  protected readonly form = form(
    this.draft,
    (path) => {
      required(path.title);
      maxLength(path.title, 120);
      maxLength(path.text, 10_000);
    },
    { name: 'note' },
  );
  protected readonly error = signal<ApiError | undefined>(undefined);

  constructor() {
    showTitle(() => (this.error() ? `Error: ${this.title()}` : this.title()));
  }

  /** What a person can mend stays here: what was typed is not lost. */
  protected async submit(event: Event): Promise<void> {
    event.preventDefault();
    await submit(this.form, async () => {
      try {
        const { id } = await this.save()(this.draft());
        await this.router.navigate(['/notes', id]);
        return undefined;
      } catch (reason) {
        if (!(reason instanceof ApiError)) throw reason;
        this.error.set(reason);
        return atFields(this.form, reason);
      }
    });
  }
}
