import 'htmx.org'
import { attend } from './attend.ts'

attend(document)
