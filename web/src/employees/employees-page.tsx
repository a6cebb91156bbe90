import { Badge, Button, Center, CloseButton, Group, Paper, SegmentedControl, Select, Stack, Table, Text, TextInput } from '@mantine/core'
import { useDebouncedValue, useDisclosure } from '@mantine/hooks'
import { IconSearch, IconUserPlus, IconUsers } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { Employee } from '../api/shapes'
import { InviteButtons } from '../invitations/invite-buttons'
import { Waiting } from '../invitations/waiting'
import { PersonAvatar } from '../people/person-avatar'
import { useMe } from '../session/use-session'
import { PageTitle } from '../shell/page-title'
import { Empty, Failed, Rows } from '../shell/states'
import { EmployeeForm } from './employee-form'
import { useEmployees } from './employees'
import { RenewalBadge } from './renewal'
import { LostBadge, RoleBadge } from './role-badge'

type Which = 'active' | 'waiting' | 'renewal' | 'inactive' | 'all'

export function EmployeesPage() {
  const { t } = useTranslation()
  const { company, role } = useMe()
  const mayChange = role === 'admin'
  const [search, setSearch] = useState('')
  const [query] = useDebouncedValue(search.trim(), 250)
  const [which, setWhich] = useState<Which>('active')
  const [of, setOf] = useState<Employee['role'] | ''>('')
  const [adding, add] = useDisclosure()
  const answer = useEmployees(
    company,
    query,
    which === 'all' ? undefined : which !== 'inactive',
    of || undefined,
    which === 'waiting' ? 'none' : undefined,
    which === 'renewal',
  )
  const people = answer.data?.pages.flatMap((page) => page.employees) ?? []
  const none = answer.data && people.length === 0
  return (
    <>
      <PageTitle title={t('employees.title')}>
        {mayChange && (
          <Group gap="xs">
            <InviteButtons />
            <Button leftSection={<IconUserPlus size={20} />} onClick={add.open}>
              {t('employees.add')}
            </Button>
          </Group>
        )}
      </PageTitle>
      <Waiting />
      <Group gap="sm">
        <TextInput
          placeholder={t('employees.search')}
          aria-label={t('employees.search')}
          leftSection={<IconSearch size={18} />}
          rightSection={search && <CloseButton aria-label={t('board.clear')} onClick={() => setSearch('')} />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          style={{ flex: '1 1 16rem' }}
          maw={420}
        />
        <SegmentedControl
          value={which}
          onChange={(value) => setWhich(value)}
          data={[
            { value: 'active', label: t('employees.active') },
            { value: 'waiting', label: t('consent.waiting') },
            { value: 'renewal', label: t('renewal.filter') },
            { value: 'inactive', label: t('employees.inactive') },
            { value: 'all', label: t('employees.all') },
          ]}
        />
        <Select
          aria-label={t('roles.label')}
          value={of}
          onChange={(value) => setOf(value ?? '')}
          data={[
            { value: '' as const, label: t('roles.any') },
            ...(['employee', 'manager', 'auditor'] as const).map((value) => ({ value, label: t(`roles.${value}`) })),
          ]}
          allowDeselect={false}
          w={150}
        />
      </Group>
      {answer.isPending && <Rows count={8} />}
      {answer.error && <Failed error={answer.error} retry={() => void answer.refetch()} />}
      {none && (query || of || which !== 'active') && (
        <Paper p="xl">
          <Center>
            <Text c="dimmed">{t('employees.nothing')}</Text>
          </Center>
        </Paper>
      )}
      {none && !query && !of && which === 'active' && (
        <Empty icon={IconUsers} title={t('employees.empty')} hint={t(mayChange ? 'employees.emptyHint' : 'roles.noEmployees')}>
          {mayChange && <Button onClick={add.open}>{t('employees.add')}</Button>}
        </Empty>
      )}
      {people.length > 0 && <People people={people} />}
      {answer.hasNextPage && (
        <Center>
          <Button variant="default" loading={answer.isFetchingNextPage} onClick={() => void answer.fetchNextPage()}>
            {t('employees.more')}
          </Button>
        </Center>
      )}
      <EmployeeForm opened={adding} onClose={add.close} />
    </>
  )
}

function People({ people }: { people: Employee[] }) {
  const { t } = useTranslation()
  return (
    <Paper style={{ overflow: 'hidden' }}>
      <Table verticalSpacing="sm" horizontalSpacing="lg" highlightOnHover>
        <Table.Thead visibleFrom="sm">
          <Table.Tr>
            <Table.Th>{t('employees.name')}</Table.Th>
            <Table.Th>{t('employees.department')}</Table.Th>
            <Table.Th>{t('employees.code')}</Table.Th>
            <Table.Th ta="right">{t('employees.faces')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {people.map((person) => (
            <Table.Tr key={person.username} data-testid={`employee-${person.username}`}>
              <Table.Td>
                <Group gap="sm" wrap="nowrap">
                  <PersonAvatar name={person.name} link={person.small_url} size={36} active={person.active} />
                  <Stack gap={0} style={{ minWidth: 0 }}>
                    <Group gap="2px 8px">
                      <Link className="row-link" to="/employees/$username" params={{ username: person.username }}>
                        {person.name}
                      </Link>
                      <RoleBadge role={person.role} />
                      <LostBadge employee={person} />
                      <RenewalBadge employee={person} />
                    </Group>
                    <Text size="xs" c="dimmed" truncate>
                      {person.username}
                    </Text>
                  </Stack>
                  {!person.active && (
                    <Badge color="gray" variant="light" tt="none">
                      {t('employees.inactive')}
                    </Badge>
                  )}
                </Group>
              </Table.Td>
              <Table.Td visibleFrom="sm">{person.department}</Table.Td>
              <Table.Td visibleFrom="sm" className="figures">
                {person.code}
              </Table.Td>
              <Table.Td ta="right">
                {person.role === 'auditor' ? null : person.faces > 0 ? (
                  <span className="figures">{person.faces}</span>
                ) : (
                  <Badge color="marigold" variant="light" tt="none" miw="max-content">
                    {t('employees.noFaces')}
                  </Badge>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  )
}
