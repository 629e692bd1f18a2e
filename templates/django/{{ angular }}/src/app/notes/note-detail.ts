import { Component, input, resource } from '@angular/core';
import { RouterLink } from '@angular/router';
import { Pending } from '../pending';
import { showTitle } from '../site';
import { readNote } from './data';
import { day } from './dates';

@Component({
  selector: 'app-note-detail',
  imports: [Pending, RouterLink],
  templateUrl: './note-detail.html',
})
export class NoteDetail {
  readonly id = input.required<string>();
  protected readonly day = day;
  protected readonly paragraphs = /\n+/;
  protected readonly note = resource({
    params: () => this.id(),
    loader: ({ params, abortSignal }) => readNote(params, abortSignal),
  });

  constructor() {
    showTitle(() => (this.note.hasValue() ? this.note.value().title : ''));
  }
}
