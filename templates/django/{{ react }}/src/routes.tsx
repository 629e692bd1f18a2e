import type { RouteObject } from 'react-router'
import { Failure } from './Failure.tsx'
import { Layout, Loading } from './Layout.tsx'
import { NotFound } from './NotFound.tsx'
import { pages } from './pages.tsx'
import { readSite } from './site.ts'

export const routes: RouteObject[] = [
  {
    id: 'site',
    path: '/',
    loader: readSite,
    // Who signs in or out loads the page anew.
    shouldRevalidate: () => false,
    Component: Layout,
    HydrateFallback: Loading,
    ErrorBoundary: Failure,
    children: [
      { ErrorBoundary: Failure, children: [...pages, { path: '*', Component: NotFound }] },
    ],
  },
]
