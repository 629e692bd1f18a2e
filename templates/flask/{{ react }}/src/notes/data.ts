import {
  data as answer,
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type Params,
} from 'react-router'
import { api, ApiError, type Note } from '../api/client.ts'

export const pageSize = 20

export type NotesPage = { notes: Note[]; page: number; pages: number }

/** A form that was not saved: what it held, and what the server says of it. */
export type Rejected = { values: Record<string, string>; error: ApiError }

export async function readNotes({ request }: LoaderFunctionArgs): Promise<NotesPage> {
  const asked = Number(new URL(request.url).searchParams.get('page') ?? 1)
  const page = Number.isInteger(asked) && asked > 0 ? asked : 1
  const query = { limit: pageSize, offset: (page - 1) * pageSize }
  const { data } = await api.GET('/api/v1/notes/', { params: { query }, signal: request.signal })
  return { notes: data!.items, page, pages: Math.max(1, Math.ceil(data!.count / pageSize)) }
}

export async function readNote({ params, request }: LoaderFunctionArgs): Promise<Note> {
  const { data } = await api.GET('/api/v1/notes/{note_id}/', {
    params: { path: path(params) },
    signal: request.signal,
  })
  return data!
}

export function createNote({ request }: ActionFunctionArgs): Promise<Sent> {
  return send(request, (body) => api.POST('/api/v1/notes/', { body }))
}

export function saveNote({ params, request }: ActionFunctionArgs): Promise<Sent> {
  return send(request, (body) =>
    api.PATCH('/api/v1/notes/{note_id}/', { params: { path: path(params) }, body }),
  )
}

export async function deleteNote({ params }: ActionFunctionArgs): Promise<Response> {
  await api.DELETE('/api/v1/notes/{note_id}/', { params: { path: path(params) } })
  return redirect('/notes/')
}

function path(params: Params): { note_id: number } {
  const id = Number(params.id)
  if (!Number.isSafeInteger(id)) throw new ApiError(404)
  return { note_id: id }
}

type Sent = Response | ReturnType<typeof answer<Rejected>>
type Draft = { title: string; text: string }

/**
 * Send a form. Where that fails it is shown again: what was typed is not lost. By the status the
 * router knows that nothing has changed; without it, it would read the page's data again, and show
 * the form no more where that fails as well.
 */
async function send(
  request: Request,
  call: (body: Draft) => Promise<{ data?: Note }>,
): Promise<Sent> {
  const form = await request.formData()
  const values = { title: String(form.get('title')), text: String(form.get('text')) }
  try {
    const { data } = await call(values)
    return redirect(`/notes/${data!.id}/`)
  } catch (error) {
    if (error instanceof ApiError) return answer({ values, error }, 400)
    throw error
  }
}
