import { Component } from '@angular/core';
import { createNote } from './data';
import { NoteForm } from './note-form';

@Component({
  selector: 'app-new-note',
  imports: [NoteForm],
  template: `<app-note-form title="New note" cancel="/notes" [save]="save" />`,
})
export class NewNote {
  protected readonly save = createNote;
}
