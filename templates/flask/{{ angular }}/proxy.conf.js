// In development the browser sees this server alone, so that cookies and the check of their origin
// are those of production.
const {
  BACKEND = 'http://127.0.0.1:8000',
  BACKEND_PATHS = '/accounts/,/api/,/static/,/site.json',
} = process.env;

export default Object.fromEntries(
  BACKEND_PATHS.split(',').map((path) => [path, { target: BACKEND }]),
);
