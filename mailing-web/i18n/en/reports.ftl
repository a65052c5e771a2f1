# Reports and charts.
menu-reports = Reports
menu-service-report = Service report
reports-lead = { $from } – { $to }, { $zone }
reports-lead-day = { $from }, { $zone }
reports-everybody = Show everybody
reports-file = Download CSV
reports-csv = CSV
reports-periods = Period
reports-other-period = Another period
reports-days = { $n ->
    [one] { $n } day
   *[other] { $n } days
}
reports-runs = Runs
reports-share = Failure share
reports-part = Share
reports-failed = failed:
reports-by-day = By day
reports-by-mailing = By mailing
reports-by-cause = By cause
reports-by-domain = By recipient domain
reports-other-domains = Other domains
reports-domains-note = The 30 largest domains of each run are named, where they have two recipients or more. The others are counted together.
reports-no-causes = Nothing has failed, or it is not counted yet.
reports-no-domains = The domains are not counted yet.
reports-more-mailings = These are the { $n } mailings with the most messages. All others are in the file.
reports-empty = Nothing was sent in these days
reports-empty-text = Here you will see how many messages were delivered, how many were not, and why. Choose another period or launch a mailing.
reports-as-of = As of { $when }. A run counts on the day that it was planned for.
reports-missed = { $n ->
    [one] { $n } run was missed.
   *[other] { $n } runs were missed.
}
reports-open = { $n ->
    [one] { $n } run is not over: its causes and domains are counted then.
   *[other] { $n } runs are not over: their causes and domains are counted then.
}
reports-uncounted = { $n ->
    [one] The causes and domains of { $n } run are still being counted.
   *[other] The causes and domains of { $n } runs are still being counted.
}

chart-day = Day
chart-week = Week from
chart-table = Show as table
chart-delivered = delivered { $count }
chart-failed = failed { $count } ({ $share })
chart-unknown = unknown { $count }
chart-label = By day: { $delivered } delivered, { $failed } failed, { $unknown } unknown
