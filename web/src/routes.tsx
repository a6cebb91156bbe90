// Which address shows which page, and to whom.
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router'

import { AccountPage } from './account/account-page'
import { Problem } from './api/problem'
import type { Me } from './api/shapes'
import { AuditPage } from './audit/audit-page'
import { HomePage } from './board/home-page'
import { TeamPage } from './board/team-page'
import { isMonth } from './clock/month'
import { MyDataPage } from './consent/my-data-page'
import { EmployeePage } from './employees/employee-page'
import { EmployeesPage } from './employees/employees-page'
import { ImportPage } from './imports/import-page'
import { JoinPage } from './join/join-page'
import { CalendarPage } from './events/calendar-page'
import { ReviewPage } from './review/review-page'
import { DecidePage } from './leave/decide-page'
import { LeavePage } from './leave/leave-page'
import { KiosksPage } from './kiosks/kiosks-page'
import { ForgotPage } from './session/forgot-page'
import { ResetPage } from './session/reset-page'
import { kinds, type Kind } from './reports/reports'
import { ReportsPage } from './reports/reports-page'
import { session } from './session/session'
import { SignInPage } from './session/sign-in-page'
import { SettingsPage } from './settings/settings-page'
import { SetupPage } from './setup/setup-page'
import { ShiftsPage } from './shifts/shifts-page'
import { Frame } from './shell/frame'
import { ErrorPage, NotFoundPage, PageLoading } from './shell/states'
import { ConfirmPage } from './sign-up/confirm-page'
import { SignUpPage } from './sign-up/sign-up-page'

async function known() {
  let state = session.snapshot()
  if (state.status === 'unknown' || state.status === 'unreachable') state = await session.restore()
  if (state.status === 'unreachable') throw new Problem('offline', '')
  return state
}

const root = createRootRoute({
  component: Outlet,
  errorComponent: ErrorPage,
  notFoundComponent: NotFoundPage,
})

const setup = createRoute({ getParentRoute: () => root, path: '/setup', component: SetupPage })

const join = createRoute({ getParentRoute: () => root, path: '/join', component: JoinPage })

const signUp = createRoute({ getParentRoute: () => root, path: '/sign-up', component: SignUpPage })

const confirmSignUp = createRoute({ getParentRoute: () => root, path: '/sign-up/confirm', component: ConfirmPage })
const forgot = createRoute({ getParentRoute: () => root, path: '/forgot', component: ForgotPage })
const reset = createRoute({ getParentRoute: () => root, path: '/reset', component: ResetPage })

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): { next?: string } =>
    typeof search.next === 'string' ? { next: search.next } : {},
  beforeLoad: async ({ search }) => {
    const state = await known()
    // Only an address of this site: never follow a link elsewhere.
    if (state.status === 'signed-in')
      throw redirect({ href: search.next && /^\/(?![/\\])/.test(search.next) ? search.next : '/' })
  },
  component: SignInPage,
})

const kiosk = createRoute({
  getParentRoute: () => root,
  path: '/kiosk',
  beforeLoad: async () => {
    await known()
  },
  component: lazyRouteComponent(() => import('./kiosk/kiosk-page'), 'KioskPage'),
})

const docs = createRoute({
  getParentRoute: () => root,
  path: '/docs',
  component: lazyRouteComponent(() => import('./docs/docs-page'), 'DocsPage'),
})

const frame = createRoute({
  getParentRoute: () => root,
  id: 'frame',
  beforeLoad: async ({ location }) => {
    const state = await known()
    if (state.status !== 'signed-in')
      throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { next: location.href } })
    if (state.user.role === 'kiosk') throw redirect({ to: '/kiosk' })
  },
  component: Frame,
})

/** ?month=2026-11, or ?month=bs-2083-08. */
const searchMonth = ({ month }: Record<string, unknown>): { month?: string } =>
  typeof month === 'string' && isMonth(month) ? { month } : {}

const home = createRoute({ getParentRoute: () => frame, path: '/', validateSearch: searchMonth, component: HomePage })

const account = createRoute({ getParentRoute: () => frame, path: '/account', component: AccountPage })

/** Sends everybody to the start page but those with one of these roles. */
const only = (...roles: Me['role'][]) => () => {
  const state = session.snapshot()
  if (state.status === 'signed-in' && !roles.includes(state.user.role)) throw redirect({ to: '/' })
}

const team = createRoute({ getParentRoute: () => frame, path: '/team', beforeLoad: only('manager'), component: TeamPage })

const myData = createRoute({ getParentRoute: () => frame, path: '/my-data', beforeLoad: only('manager', 'employee'), component: MyDataPage })

// An auditor sees the admin's pages without their controls.
const admin = createRoute({
  getParentRoute: () => frame,
  id: 'admin',
  beforeLoad: only('admin', 'auditor'),
  component: Outlet,
})

const employees = createRoute({ getParentRoute: () => admin, path: '/employees', component: EmployeesPage })

export const employee = createRoute({
  getParentRoute: () => frame,
  beforeLoad: only('admin', 'auditor', 'manager'),
  path: '/employees/$username',
  validateSearch: searchMonth,
  component: EmployeePage,
})

const calendar = createRoute({ getParentRoute: () => frame, path: '/calendar', component: CalendarPage })
const leave = createRoute({ getParentRoute: () => frame, path: '/leave', component: LeavePage })
const decide = createRoute({
  getParentRoute: () => frame,
  path: '/to-decide',
  beforeLoad: only('admin', 'manager', 'employee'),
  component: DecidePage,
})

const ask = createRoute({
  getParentRoute: () => root,
  path: '/ask/$slug',
  component: lazyRouteComponent(() => import('./questions/ask-page'), 'AskPage'),
})
const questions = createRoute({
  getParentRoute: () => frame,
  path: '/questions',
  beforeLoad: only('admin', 'auditor', 'manager'),
  component: lazyRouteComponent(() => import('./questions/questions-page'), 'QuestionsPage'),
})
export const question = createRoute({
  getParentRoute: () => frame,
  path: '/questions/$id',
  beforeLoad: only('admin', 'auditor', 'manager'),
  component: lazyRouteComponent(() => import('./questions/question-page'), 'QuestionPage'),
})
const myQuestions = createRoute({
  getParentRoute: () => frame,
  path: '/my-questions',
  beforeLoad: only('manager', 'employee'),
  component: lazyRouteComponent(() => import('./questions/my-questions-page'), 'MyQuestionsPage'),
})
const reports = createRoute({
  getParentRoute: () => frame,
  path: '/reports',
  beforeLoad: only('admin', 'auditor', 'manager'),
  validateSearch: ({ report }: Record<string, unknown>): { report?: Kind } =>
    [...kinds, 'time-sheet', 'payroll'].includes(report as Kind) ? { report: report as Kind } : {},
  component: ReportsPage,
})

const shifts = createRoute({
  getParentRoute: () => admin,
  path: '/shifts',
  beforeLoad: only('admin'),
  validateSearch: (search: Record<string, unknown>): { tab?: 'weeks' | 'roster' } =>
    search.tab === 'weeks' || search.tab === 'roster' ? { tab: search.tab } : {},
  component: ShiftsPage,
})

const review = createRoute({ getParentRoute: () => admin, path: '/review', component: ReviewPage })
const kiosks = createRoute({ getParentRoute: () => admin, path: '/kiosks', component: KiosksPage })
const audit = createRoute({ getParentRoute: () => admin, path: '/audit', component: AuditPage })
const calibration = createRoute({
  getParentRoute: () => admin,
  path: '/settings/calibration',
  component: lazyRouteComponent(() => import('./calibration/calibration-page'), 'CalibrationPage'),
})
const health = createRoute({
  getParentRoute: () => admin,
  path: '/health',
  component: lazyRouteComponent(() => import('./health/health-page'), 'HealthPage'),
})
const imports = createRoute({ getParentRoute: () => admin, path: '/settings/import', beforeLoad: only('admin'), component: ImportPage })
const settings = createRoute({ getParentRoute: () => admin, path: '/settings', component: SettingsPage })

export const router = createRouter({
  routeTree: root.addChildren([
    setup,
    join,
    signUp,
    confirmSignUp,
    forgot,
    reset,
    signIn,
    kiosk,
    docs,
    ask,
    frame.addChildren([
      home, account, myData, calendar, leave, decide, team, employee, reports, questions, question, myQuestions, admin.addChildren([employees, shifts, review, kiosks, audit, calibration, settings, imports, health]),
    ]),
  ]),
  defaultPreload: false,
  defaultPendingComponent: PageLoading,
  defaultPendingMs: 300,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
