import type { RouteObject } from 'react-router'
import { Home } from './Home.tsx'
import { createNote, deleteNote, readNote, readNotes, saveNote } from './notes/data.ts'
import { DeleteNote } from './notes/DeleteNote.tsx'
import { EditNote, NewNote } from './notes/NoteForm.tsx'
import { NoteList } from './notes/NoteList.tsx'
import { NotePage } from './notes/NotePage.tsx'

/** The pages that are made here; every other address is the server's, or nobody's. */
export const pages: RouteObject[] = [
  { path: '/', Component: Home },
  { path: '/notes/', loader: readNotes, Component: NoteList },
  { path: '/notes/new/', action: createNote, Component: NewNote },
  { path: '/notes/:id/', loader: readNote, Component: NotePage },
  { path: '/notes/:id/edit/', loader: readNote, action: saveNote, Component: EditNote },
  { path: '/notes/:id/delete/', loader: readNote, action: deleteNote, Component: DeleteNote },
]
