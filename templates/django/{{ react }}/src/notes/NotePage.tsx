import { Link, useLoaderData } from 'react-router'
import { Page } from '../Page.tsx'
import type { Note } from '../api/client.ts'
import { day } from './dates.ts'

export function NotePage() {
  const note = useLoaderData<Note>()
  return (
    <Page title={note.title}>
      <article>
        <div className="heading">
          <h1>{note.title}</h1>
          <Link className="button" to="edit/">
            Edit
          </Link>
        </div>
        <p className="meta">
          Written on <time dateTime={note.created}>{day(note.created)}</time>
        </p>
        {note.text.split(/\n+/).map((paragraph, index) => (
          <p key={index}>{paragraph}</p>
        ))}
      </article>
      <p className="meta">
        <Link to="delete/">Delete this note</Link>
      </p>
    </Page>
  )
}
