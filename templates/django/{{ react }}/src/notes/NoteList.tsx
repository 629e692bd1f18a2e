import { Link, useLoaderData } from 'react-router'
import { Page } from '../Page.tsx'
import { day } from './dates.ts'
import type { NotesPage } from './data.ts'

export function NoteList() {
  const { notes, page, pages } = useLoaderData<NotesPage>()
  return (
    <Page title="Notes">
      <div className="heading">
        <h1>Notes</h1>
        {notes.length > 0 && (
          <Link className="button" to="/notes/new/">
            New note
          </Link>
        )}
      </div>
      {notes.length > 0 ? (
        <ul className="list">
          {notes.map((note) => (
            <li key={note.id}>
              <Link to={`/notes/${note.id}/`}>{note.title}</Link>
              <time dateTime={note.created}>{day(note.created)}</time>
            </li>
          ))}
        </ul>
      ) : (
        <div className="empty">
          <p>{page > 1 ? 'There are no notes on this page.' : 'No notes yet.'}</p>
          <p>
            {page > 1 ? (
              <Link to="/notes/">All notes</Link>
            ) : (
              <Link className="button" to="/notes/new/">
                Write the first one
              </Link>
            )}
          </p>
        </div>
      )}
      {pages > 1 && (
        <nav className="pages" aria-label="Pages">
          {page > 1 && (
            <Link to={`?page=${page - 1}`} rel="prev">
              Previous
            </Link>
          )}
          <span>
            Page {page} of {pages}
          </span>
          {page < pages && (
            <Link to={`?page=${page + 1}`} rel="next">
              Next
            </Link>
          )}
        </nav>
      )}
    </Page>
  )
}
