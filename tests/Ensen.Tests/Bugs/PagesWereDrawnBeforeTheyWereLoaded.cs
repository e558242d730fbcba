using System.Collections.Concurrent;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Tests.Web;

namespace Ensen.Tests.Bugs;

/// <summary>
/// On PostgreSQL a page was drawn while its first query still waited: 500, or the right content under 404. A database that is 20 ms away
/// waits at every call, so whatever is drawn too early is seen, here and on every machine.
/// </summary>
public sealed class PagesWereDrawnBeforeTheyWereLoaded(PagesWereDrawnBeforeTheyWereLoaded.FarAway far)
    : IClassFixture<PagesWereDrawnBeforeTheyWereLoaded.FarAway>
{
    const int Times = 10;

    static readonly TimeSpan s_away = TimeSpan.FromMilliseconds(20);

    // Streams do not end; LiveTests listen to them.
    static readonly string[] s_streams = ["/stream", "/till/stream", "/shop/stream"];

    [Fact]
    public void Every_address_has_a_visit() =>
        Addresses.Opened.Select(Addresses.PathOf).Except(s_streams).Except(far.Visits.All.Select(v => v.Route)).ShouldBeEmpty();

    [Fact]
    public void Every_visit_is_to_an_address_that_is_there() =>
        far.Visits.All.Select(v => v.Route).Except(Addresses.Opened.Select(Addresses.PathOf)).ShouldBeEmpty();

    /// <summary>So that a page opened by mistake is found: nobody has written what a stranger sees there.</summary>
    [Fact]
    public void What_is_open_to_everybody_is_visited_by_a_stranger() =>
        Addresses.Opened.Where(address => Addresses.PolicyOf(address) is null).Select(Addresses.PathOf)
            .Except(far.Visits.All.Where(v => v.Who == Who.RequestDevice).Select(v => v.Route)).ShouldBeEmpty();

    [Theory, InlineData(nameof(Who.RequestDevice)), InlineData(nameof(Who.Member)), InlineData(nameof(Who.Till)),
        InlineData(nameof(Who.Merchant)), InlineData(nameof(Who.Operator))]
    public async Task Every_page_opens_ten_times_of_ten(string name)
    {
        var who = Enum.Parse<Who>(name);
        var complaints = new ConcurrentBag<string>();
        var visits = far.Visits.All.SelectMany(v => ToBeSeenBy(who, v)).SelectMany(v => Enumerable.Repeat(v, Times));
        await Parallel.ForEachAsync(visits, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (visit, ct) =>
        {
            using var request = far.Visits.Request(who, visit.Address);
            using var answer = await far.Http.SendAsync(request, ct);
            var shown = answer.Headers.Location?.ToString() ?? await answer.Content.ReadAsStringAsync(ct);
            if ((int)answer.StatusCode != visit.Status || !shown.Contains(visit.To, StringComparison.Ordinal))
                complaints.Add($"{visit.Address}: {(int)answer.StatusCode}, not {visit.Status} with {visit.To}");
        });
        complaints.GroupBy(c => c).Select(c => $"{c.Count()} times {c.Key}").Order(StringComparer.Ordinal).ShouldBeEmpty();
    }

    /// <summary>
    /// What is for somebody else leads to where they sign in; what is for all is the same for all, but where it says otherwise.
    /// </summary>
    IEnumerable<Visit> ToBeSeenBy(Who who, Visit visit)
    {
        if (visit.Who == who)
            return [visit];
        if (far.Visits.All.Any(v => v.Route == visit.Route && v.Who == who))
            return [];
        var address = Addresses.Opened.First(a => Addresses.PathOf(a) == visit.Route);
        var first = far.Visits.All.FirstOrDefault(v => v.Route == visit.Route && v.Who == Who.RequestDevice);
        return first is not null ? visit == first ? [visit with { Who = who }] : []
            : Addresses.PolicyOf(address) is null ? []
            : [visit with { Who = who, Status = 302, To = "sign-in" }];
    }

    public sealed class FarAway : IAsyncLifetime
    {
        TestDatabase _database = null!;
        Tunnel _tunnel = null!;
        WebApp _app = null!;

        internal Visits Visits { get; private set; } = null!;

        /// <summary>Follows no redirect, and keeps no cookie.</summary>
        public HttpClient Http { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            _database = await TestDatabase.Create(Engine.Postgres);
            _tunnel = new Tunnel(_database.Address, s_away);
            _app = await WebApp.Start(_tunnel.Address);
            Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
            { BaseAddress = new Uri(_app.Address) };
            Visits = await Visits.Prepare(_app);
        }

        public async ValueTask DisposeAsync()
        {
            Http.Dispose();
            await _app.DisposeAsync();
            await _tunnel.DisposeAsync();
            await _database.DisposeAsync();
        }
    }
}
