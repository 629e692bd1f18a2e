import { Component, input, resource } from '@angular/core';
import { RouterLink } from '@angular/router';
import { Pending } from '../pending';
import { showTitle } from '../site';
import { readNotes } from './data';
import { day } from './dates';

@Component({
  selector: 'app-note-list',
  imports: [Pending, RouterLink],
  templateUrl: './note-list.html',
})
export class NoteList {
  /** The page that the address asks for. */
  readonly page = input<string>();
  protected readonly day = day;
  protected readonly notes = resource({
    params: () => ({ page: this.page() }),
    loader: ({ params, abortSignal }) => readNotes(params.page, abortSignal),
  });

  constructor() {
    showTitle(() => 'Notes');
  }
}
