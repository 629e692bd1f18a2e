import { api, ApiError, type Note } from '../../api/client';

export const pageSize = 20;

export interface NotesPage {
  notes: Note[];
  page: number;
  pages: number;
}
export interface Draft {
  title: string;
  text: string;
}

/** Read a page of notes; anything that is no number of a page is the first one. */
export async function readNotes(asked: unknown, signal: AbortSignal): Promise<NotesPage> {
  const number = Number(asked ?? 1);
  const page = Number.isInteger(number) && number > 0 ? number : 1;
  const query = { limit: pageSize, offset: (page - 1) * pageSize };
  const { data } = await api.GET('/api/v1/notes/', { params: { query }, signal });
  return { notes: data!.items, page, pages: Math.max(1, Math.ceil(data!.count / pageSize)) };
}

export async function readNote(id: unknown, signal?: AbortSignal): Promise<Note> {
  const { data } = await api.GET('/api/v1/notes/{note_id}/', {
    params: { path: path(id) },
    signal,
  });
  return data!;
}

export async function createNote(body: Draft): Promise<Note> {
  const { data } = await api.POST('/api/v1/notes/', { body });
  return data!;
}

export async function changeNote(id: number, body: Draft): Promise<Note> {
  const { data } = await api.PATCH('/api/v1/notes/{note_id}/', {
    params: { path: path(id) },
    body,
  });
  return data!;
}

export async function deleteNote(id: number): Promise<void> {
  await api.DELETE('/api/v1/notes/{note_id}/', { params: { path: path(id) } });
}

function path(id: unknown): { note_id: number } {
  const number = Number(id);
  if (!Number.isSafeInteger(number)) throw new ApiError(404);
  return { note_id: number };
}
