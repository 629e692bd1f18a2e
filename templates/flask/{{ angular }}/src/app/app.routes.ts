import type { Routes } from '@angular/router';
import { Home } from './home';
import { NotFound } from './not-found';
import { DeleteNote } from './notes/delete-note';
import { EditNote } from './notes/edit-note';
import { NewNote } from './notes/new-note';
import { NoteDetail } from './notes/note-detail';
import { NoteList } from './notes/note-list';

/** The pages that are made here; every other address is the server's, or nobody's. */
export const routes: Routes = [
  { path: '', pathMatch: 'full', component: Home },
  { path: 'notes', component: NoteList },
  { path: 'notes/new', component: NewNote },
  { path: 'notes/:id', component: NoteDetail },
  { path: 'notes/:id/edit', component: EditNote },
  { path: 'notes/:id/delete', component: DeleteNote },
  { path: '**', component: NotFound },
];
