const format = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long' });

/** Return the day of a time that the API gave, in the reader's zone: "31 January 2026". */
export function day(time: string): string {
  return format.format(new Date(time));
}
