import { expect, test, type Page } from '@playwright/test';

const { E2E_EMAIL, E2E_PASSWORD } = process.env;

/** Fill in the sign-in page with the account that the environment names. */
async function signIn(page: Page): Promise<void> {
  if (!E2E_EMAIL || !E2E_PASSWORD) throw new Error('Set E2E_EMAIL and E2E_PASSWORD.');
  await page.getByLabel('E-mail').fill(E2E_EMAIL);
  await page.getByLabel('Password').fill(E2E_PASSWORD);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

test('a note is written, kept, changed and deleted', async ({ page }) => {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  const title = `Milk ${Date.now()}`;

  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  const entrance = page.getByRole('navigation').getByRole('link', { name: 'Sign in' });
  const hasUsers = await entrance.isVisible();
  if (hasUsers) {
    await entrance.click();
    await signIn(page);
  }

  await page.getByRole('navigation').getByRole('link', { name: 'Notes' }).click();
  await page.getByRole('link', { name: /New note|Write the first one/ }).click();
  await page.getByLabel('Title').fill(title);
  await page.getByLabel('Text').fill('Two bottles');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Two bottles')).toBeVisible();

  await page.reload();
  await expect(page.getByRole('heading', { name: title })).toBeVisible();
  await expect(page.getByText('Two bottles')).toBeVisible();
  await page.getByRole('link', { name: 'Edit' }).click();
  await page.getByLabel('Text').fill('Three bottles');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Three bottles')).toBeVisible();
  await page.goBack();
  await expect(page.getByLabel('Text')).toHaveValue('Three bottles');
  await page.goForward();

  await page.getByRole('link', { name: 'Delete this note' }).click();
  await page.getByRole('button', { name: 'Delete' }).click();
  await expect(page).toHaveURL('/notes/');
  await expect(page.getByRole('link', { name: title })).toHaveCount(0);
  expect(complaints).toEqual([]);

  if (!hasUsers) return;
  // The session ends while a form is open: what was typed is saved after another sign-in.
  await page.getByRole('link', { name: /New note|Write the first one/ }).click();
  await page.getByLabel('Title').fill(title);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('link', { name: 'Edit' }).click();
  await page.getByLabel('Text').fill('Four bottles');
  await page.context().clearCookies();
  await page.getByRole('button', { name: 'Save' }).click();
  const opened = page.waitForEvent('popup');
  await page.getByRole('link', { name: 'Sign in in another tab' }).click();
  const tab = await opened;
  await signIn(tab);
  await expect(tab.getByRole('heading', { name: 'Edit note' })).toBeVisible();
  await tab.close();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Four bottles')).toBeVisible();

  await page.getByRole('link', { name: 'Delete this note' }).click();
  await page.getByRole('button', { name: 'Delete' }).click();
  await expect(page).toHaveURL('/notes/');
  await page.getByRole('navigation').getByText(E2E_EMAIL!).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(entrance).toBeVisible();
  await page.goto('/notes/');
  await expect(page).toHaveURL(/\/accounts\/login\/\?next=/);
});
