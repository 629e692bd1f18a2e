import { beforeAll, beforeEach, expect, test } from 'vitest'
import { attend, NO_ANSWER } from './attend.ts'

beforeAll(() => attend(document))
beforeEach(() => {
  document.body.innerHTML = '<p id="failure" role="alert"></p><main id="content"></main>'
})

function happens(name: string, detail: object = {}): void {
  document.dispatchEvent(new CustomEvent(name, { detail }))
}

function show(content: string): void {
  document.getElementById('content')!.innerHTML = content
  happens('htmx:after:swap')
}

test('the focus follows to new content', () => {
  show('<h1>Notes</h1>')
  expect(document.activeElement?.id).toBe('content')
})

test('the focus goes to the field that was refused', () => {
  show('<input id="text"><input id="title" aria-invalid="true">')
  expect(document.activeElement?.id).toBe('title')
})

test('a page without content keeps the focus', () => {
  document.body.innerHTML = '<button autofocus>Go</button>'
  happens('htmx:after:swap')
  expect(document.activeElement).toBe(document.body)
})

test('the address that is shown is not put into the history again', () => {
  const here = { type: 'push', path: location.pathname + location.search }
  const elsewhere = { type: 'push', path: '/elsewhere/' }
  for (const history of [here, elsewhere]) happens('htmx:before:history:update', { history })
  expect([here.type, elsewhere.type]).toEqual(['replace', 'push'])
})

test('a request without an answer is told until the next one', () => {
  const failure = document.getElementById('failure')!
  happens('htmx:error')
  expect(failure.textContent).toBe(NO_ANSWER)
  happens('htmx:before:request')
  expect(failure.textContent).toBe('')
})
