import { Form, Link, useLoaderData, useNavigation } from 'react-router'
import { Page } from '../Page.tsx'
import type { Note } from '../api/client.ts'

export function DeleteNote() {
  const note = useLoaderData<Note>()
  const busy = useNavigation().state !== 'idle'
  return (
    <Page title="Delete note">
      <section className="panel">
        <h1>Delete “{note.title}”?</h1>
        <p>It cannot be brought back.</p>
        <Form method="post">
          <p className="actions">
            <button type="submit" className="danger" disabled={busy}>
              Delete
            </button>
            <Link to={`/notes/${note.id}/`}>Keep it</Link>
          </p>
        </Form>
      </section>
    </Page>
  )
}
