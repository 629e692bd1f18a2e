import { cloneElement, useEffect, useRef, type ReactElement } from 'react'
import { useRouteLoaderData } from 'react-router'
import type { ApiError } from './api/client.ts'
import { signInAddress, type Site } from './site.ts'

type Control = ReactElement<{
  id: string
  name: string
  'aria-invalid'?: true
  'aria-describedby'?: string
}>

/** One control with its label, and below it what the server says of what was entered. */
export function Field(props: {
  name: string
  label: string
  error: string | undefined
  children: Control
}) {
  const { name, label, error, children } = props
  const id = `field-${name}`
  const marks = error ? ({ 'aria-invalid': true, 'aria-describedby': `${id}-error` } as const) : {}
  return (
    <div>
      <label htmlFor={id}>{label}</label>
      {error && (
        <p className="errorlist" id={`${id}-error`}>
          {error}
        </p>
      )}
      {cloneElement(children, { id, name, ...marks })}
    </div>
  )
}

/** Why a form was not saved, apart from what stands at its fields. What was typed stays there. */
export function Rejection({ error, fields }: { error: ApiError | undefined; fields: string[] }) {
  const site = useRouteLoaderData<Site>('site')
  const box = useRef<HTMLParagraphElement>(null)
  // The button that was pressed was disabled meanwhile, and has lost the focus.
  useEffect(() => box.current?.focus(), [error])
  if (!error) return null
  const others = Object.entries(error.fields).filter(([name]) => !fields.includes(name))
  const signIn = error.status === 401 && site ? signInAddress(site) : null
  return (
    <p className="errorlist nonfield" role="alert" tabIndex={-1} ref={box}>
      {signIn ? (
        <>
          Your session has ended.{' '}
          <a href={signIn} target="_blank">
            Sign in in another tab
          </a>
          , then save again.
        </>
      ) : error.status === 422 && others.length === 0 ? (
        'Please correct what is marked below.'
      ) : (
        [error.message, ...others.map(([name, detail]) => `${name}: ${detail}`)].join(' ')
      )}
    </p>
  )
}
