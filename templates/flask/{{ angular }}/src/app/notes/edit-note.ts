import { Component, input, resource } from '@angular/core';
import { Pending } from '../pending';
import { changeNote, type Draft, readNote } from './data';
import { NoteForm } from './note-form';

@Component({
  selector: 'app-edit-note',
  imports: [NoteForm, Pending],
  template: `
    @if (note.hasValue()) {
      <app-note-form
        title="Edit note"
        [cancel]="'/notes/' + id()"
        [note]="note.value()"
        [save]="save"
      />
    } @else {
      <app-pending [error]="note.error()" />
    }
  `,
})
export class EditNote {
  readonly id = input.required<string>();
  protected readonly note = resource({
    params: () => this.id(),
    loader: ({ params, abortSignal }) => readNote(params, abortSignal),
  });
  protected readonly save = (draft: Draft) => changeNote(Number(this.id()), draft);
}
