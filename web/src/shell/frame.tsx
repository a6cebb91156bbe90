import { ActionIcon, Anchor, AppShell, Burger, Group, Menu, NavLink, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import {
  IconCalendarEvent,
  IconCalendarUser,
  IconClockHour4,
  IconDeviceTablet,
  IconEyeQuestion,
  IconHistory,
  IconBeach,
  IconBell,
  IconChecklist,
  IconLayoutList,
  IconLogout,
  IconMessageQuestion,
  IconReportAnalytics,
  IconSettings,
  IconShieldLock,
  IconUserCog,
  IconUsers,
  IconUsersGroup,
} from '@tabler/icons-react'
import { Link, Outlet, useRouterState } from '@tanstack/react-router'
import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'

import type { Me } from '../api/shapes'
import { useDateStyle } from '../clock/date-style'
import { useEmployee } from '../employees/employees'
import { PersonAvatar } from '../people/person-avatar'
import { HealthLink } from '../health/health-link'
import { OpenCount } from '../review/open-count'
import { session } from '../session/session'
import { useMe } from '../session/use-session'
import { Logo } from './logo'
import { SchemeToggle } from './scheme-toggle'

const pages = {
  admin: [
    { to: '/', label: 'nav.today', icon: IconLayoutList },
    { to: '/employees', label: 'nav.employees', icon: IconUsers },
    { to: '/calendar', label: 'events.nav', icon: IconCalendarEvent },
    { to: '/leave', label: 'leave.nav', icon: IconBeach },
    { to: '/shifts', label: 'shifts.nav', icon: IconClockHour4 },
    { to: '/questions', label: 'questions.nav', icon: IconMessageQuestion },
    { to: '/reports', label: 'reports.nav', icon: IconReportAnalytics },
    { to: '/review', label: 'review.nav', icon: IconEyeQuestion },
    { to: '/kiosks', label: 'nav.kiosks', icon: IconDeviceTablet },
    { to: '/audit', label: 'audit.title', icon: IconHistory },
    { to: '/settings', label: 'nav.settings', icon: IconSettings },
  ],
  manager: [
    { to: '/', label: 'nav.days', icon: IconCalendarUser },
    { to: '/calendar', label: 'events.nav', icon: IconCalendarEvent },
    { to: '/leave', label: 'leave.nav', icon: IconBeach },
    { to: '/to-decide', label: 'leave.navDecide', icon: IconChecklist },
    { to: '/team', label: 'roles.myTeam', icon: IconUsersGroup },
    { to: '/my-questions', label: 'questions.navOwn', icon: IconMessageQuestion },
    { to: '/reports', label: 'reports.nav', icon: IconReportAnalytics },
    { to: '/my-data', label: 'myData.title', icon: IconShieldLock },
  ],
  employee: [
    { to: '/', label: 'nav.days', icon: IconCalendarUser },
    { to: '/calendar', label: 'events.nav', icon: IconCalendarEvent },
    { to: '/leave', label: 'leave.nav', icon: IconBeach },
    { to: '/my-questions', label: 'questions.navOwn', icon: IconMessageQuestion },
    { to: '/my-data', label: 'myData.title', icon: IconShieldLock },
  ],
  // What the admin sees, without any control.
  auditor: [
    { to: '/', label: 'nav.today', icon: IconLayoutList },
    { to: '/employees', label: 'nav.employees', icon: IconUsers },
    { to: '/calendar', label: 'events.nav', icon: IconCalendarEvent },
    { to: '/leave', label: 'leave.nav', icon: IconBeach },
    { to: '/questions', label: 'questions.nav', icon: IconMessageQuestion },
    { to: '/reports', label: 'reports.nav', icon: IconReportAnalytics },
    { to: '/review', label: 'review.nav', icon: IconEyeQuestion },
    { to: '/kiosks', label: 'nav.kiosks', icon: IconDeviceTablet },
    { to: '/audit', label: 'audit.title', icon: IconHistory },
    { to: '/settings', label: 'nav.settings', icon: IconSettings },
  ],
  kiosk: [],
} as const

/** The header and navigation around every page of somebody signed in. */
export function Frame() {
  const { t } = useTranslation()
  const me = useMe()
  const dates = useDateStyle()
  const [opened, menu] = useDisclosure()
  const path = useRouterState({ select: (state) => state.location.pathname })
  return (
    <AppShell
      header={{ height: 60 }}
      navbar={{ width: 232, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding={{ base: 'md', md: 'xl' }}
    >
      <a className="skip" href="#content">
        {t('app.skip')}
      </a>
      <AppShell.Header px="md">
        <Group h="100%" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger opened={opened} onClick={menu.toggle} hiddenFrom="sm" size="sm" aria-label={t('app.menu')} />
            <Link to="/" aria-label="Hajir" style={{ color: 'inherit' }}>
              <Logo height={26} />
            </Link>
          </Group>
          <Group gap={4} wrap="nowrap">
            <Text size="sm" c="dimmed" visibleFrom="sm" truncate maw={320} mr="xs">
              {me.company_name}
            </Text>
            <SchemeToggle />
            <Account me={me} />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" aria-label={t('app.menu')}>
        <Stack gap={4} style={{ flex: 1 }}>
          {pages[me.role].map(({ to, label, icon: Icon }) => (
            <NavLink
              key={to}
              component={Link}
              to={to}
              label={t(label)}
              leftSection={<Icon size={20} stroke={1.7} />}
              rightSection={to === '/review' ? <OpenCount /> : undefined}
              active={to === '/' ? path === '/' : path.startsWith(to)}
              onClick={menu.close}
              style={{ borderRadius: 'var(--mantine-radius-md)' }}
            />
          ))}
          <HealthLink active={path.startsWith('/health')} onClick={menu.close} />
        </Stack>
        {me.role === 'admin' && (
          <Anchor component={Link} to="/docs" size="xs" c="dimmed" px="sm" py="xs">
            {t('app.api')}
          </Anchor>
        )}
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1} style={{ outline: 'none' }}>
        <Stack gap="lg" maw={1180} mx="auto">
          {/* Another choice of calendar writes every date of the page anew. */}
          <Fragment key={`${dates.calendar}-${dates.both}`}>
            <Outlet />
          </Fragment>
        </Stack>
      </AppShell.Main>
    </AppShell>
  )
}

function Account({ me }: { me: Me }) {
  const { t } = useTranslation()
  // The root account is no employee, and has no picture.
  const own = useEmployee(me.company, me.username, me.role !== 'admin')
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" radius="xl" aria-label={t('app.account')}>
          <PersonAvatar name={me.name} link={own.data?.small_url} size={32} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {me.name}
          <br />
          {me.username}, {me.company_name}
        </Menu.Label>
        <Menu.Item component={Link} to="/account" leftSection={<IconUserCog size={18} />}>
          {t('account.title')}
        </Menu.Item>
        {me.role !== 'auditor' && (
          <Menu.Item component={Link} to="/notifications" leftSection={<IconBell size={18} />}>
            {t('notifications.title')}
          </Menu.Item>
        )}
        <Menu.Item
          leftSection={<IconLogout size={18} />}
          onClick={() => void session.signOut().catch(() => undefined)}
        >
          {t('app.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
