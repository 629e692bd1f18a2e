import { screen, within } from '@testing-library/dom'
import { afterEach, expect, test, vi } from 'vitest'
import { close, open, serve, signedOut } from './testing/site.ts'

afterEach(() => {
  close()
  vi.unstubAllGlobals()
})

test('asks a stranger to sign in', async () => {
  serve(signedOut())
  await open('/')
  const menu = within(await screen.findByRole('navigation'))
  const link = menu.getByRole('link', { name: 'Sign in' })
  expect(link.getAttribute('href')).toMatch(/^\/accounts\/login\/\?next=/)
  expect(menu.queryByRole('button', { name: 'Sign out' })).toBeNull()
})

test('has a page for what is not there', async () => {
  serve({})
  await open('/nothing/here/')
  expect(await screen.findByRole('heading', { name: 'Not found' })).toBeDefined()
  expect(document.title).toBe('Not found · Shop')
})

test('leads to pages of the server, too', async () => {
  serve({})
  await open('/')
  const link = await screen.findByRole('link', { name: 'Office' })
  expect(link.getAttribute('href')).toBe('/office/')
  // Such a link is followed by the browser itself.
  const followed = new Promise<boolean>((resolve) => {
    document.addEventListener(
      'click',
      (event) => {
        resolve(!event.defaultPrevented)
        event.preventDefault()
      },
      { once: true },
    )
  })
  link.click()
  expect(await followed).toBe(true)
})

test('closes the menu of the account with its page', async () => {
  serve({})
  const { user } = await open('/nothing/here/')
  const menu = () => screen.getByText('ada@example.com').closest('details')!
  await user.click(await screen.findByText('ada@example.com'))
  expect(menu().open).toBe(true)
  await user.click(screen.getByRole('link', { name: 'Shop' }))
  await screen.findByRole('heading', { name: 'Shop' })
  await vi.waitFor(() => expect(menu().open).toBe(false))
})

test('shows nobody what the browser kept of somebody else', async () => {
  const reload = vi.spyOn(window.location, 'reload').mockReturnValue()
  serve({})
  await open('/')
  await screen.findByText('ada@example.com')
  serve(signedOut())
  window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }))
  await vi.waitFor(() => expect(reload).toHaveBeenCalled())
})
