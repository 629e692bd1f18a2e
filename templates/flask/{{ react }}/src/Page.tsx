import type { ReactNode } from 'react'
import { useRouteLoaderData } from 'react-router'
import type { Site } from './site.ts'

/** The content of a page, with the title that tab and history show. */
export function Page({ title, children }: { title?: string; children: ReactNode }) {
  const brand = useRouteLoaderData<Site>('site')?.title
  return (
    <>
      <title>{[title, brand].filter(Boolean).join(' · ')}</title>
      {children}
    </>
  )
}
