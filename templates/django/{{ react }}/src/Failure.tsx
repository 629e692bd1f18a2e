import { useEffect } from 'react'
import { useRouteError, useRouteLoaderData } from 'react-router'
import { ApiError } from './api/client.ts'
import { NotFound } from './NotFound.tsx'
import { Page } from './Page.tsx'
import { signInAddress, type Site } from './site.ts'

/** What is shown instead of a page whose data could not be read. */
export function Failure() {
  const thrown = useRouteError()
  const error = thrown instanceof ApiError ? thrown : undefined
  const site = useRouteLoaderData<Site>('site')
  const signIn = error?.status === 401 && site ? signInAddress(site) : null
  useEffect(() => {
    if (signIn) window.location.replace(signIn)
  }, [signIn])
  if (signIn) return null
  if (error?.status === 404) return <NotFound />
  return (
    <Page title="Error">
      <div className="error" role="alert">
        <h1>This did not work</h1>
        <p>{error?.message ?? 'Something broke in this page.'}</p>
        <p className="actions">
          <button type="button" onClick={() => window.location.reload()}>
            Try again
          </button>
        </p>
      </div>
    </Page>
  )
}
