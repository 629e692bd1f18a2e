import { Form, Link, useActionData, useLoaderData, useNavigation } from 'react-router'
import { Field, Rejection } from '../Form.tsx'
import { Page } from '../Page.tsx'
import type { Note } from '../api/client.ts'
import type { Rejected } from './data.ts'

export function NewNote() {
  return <NoteForm title="New note" cancel="/notes/" />
}

export function EditNote() {
  const note = useLoaderData<Note>()
  return <NoteForm title="Edit note" cancel={`/notes/${note.id}/`} note={note} />
}

function NoteForm({ title, cancel, note }: { title: string; cancel: string; note?: Note }) {
  const rejected = useActionData<Rejected>()
  const busy = useNavigation().state !== 'idle'
  const values = rejected?.values ?? note
  const errors = rejected?.error.fields ?? {}
  return (
    <Page title={rejected ? `Error: ${title}` : title}>
      <section className="panel wide">
        <h1>{title}</h1>
        <Form method="post">
          <Rejection error={rejected?.error} fields={['title', 'text']} />
          <Field name="title" label="Title" error={errors.title}>
            <input type="text" maxLength={120} required defaultValue={values?.title} />
          </Field>
          <Field name="text" label="Text" error={errors.text}>
            <textarea maxLength={10000} defaultValue={values?.text} />
          </Field>
          <p className="actions">
            <button type="submit" disabled={busy}>
              {busy ? 'Saving…' : 'Save'}
            </button>
            <Link to={cancel}>Cancel</Link>
          </p>
        </Form>
      </section>
    </Page>
  )
}
