using Dapper;
using Ensen.Basics;
using Ensen.Campaigns;
using Ensen.Ledger;
using Ensen.Merchants;

namespace Ensen.Bench.Scenarios;

/// <summary>
/// Campaigns that run beside payments: one everywhere, the next by part of town, all others by what a shop deals in; percent, fixed and
/// per yen in turn, every third with a cap for each member and day, every second of the others for another way of paying, or for larger
/// amounts. Or, narrow, each for its share of the stores.
/// </summary>
sealed class RunningOnStage(Stage stage, DateTimeOffset from)
{
    public static async Task<RunningOnStage> Open(Stage stage, int campaigns, bool narrow, CancellationToken ct)
    {
        var now = TimeProvider.System.Now();
        var categories = MerchantCategory.All.Order(StringComparer.Ordinal).ToArray();
        for (var i = 0; i < campaigns; i++)
        {
            var id = Id.New<CampaignId>(TimeProvider.System);
            var everywhere = new CampaignTerms
            {
                NameJa = $"C{i}",
                NameEn = $"C{i}",
                From = now.AddMinutes(-1),
                Until = now.AddDays(1),
                Gift = (i % 3) switch
                {
                    0 => new GiftRule(GiftKind.PerYen, 1, 100),
                    1 => new GiftRule(GiftKind.Fixed, 5),
                    _ => new GiftRule(GiftKind.Percent, 2),
                },
                CapPerDay = i % 3 == 2 ? 1_000_000 : null,
                Budget = 1_000_000_000,
                LastsDays = 60,
            };
            var terms = narrow
                ? everywhere with { Stores = [.. stage.Stores.Where((_, store) => store % campaigns == i).Select(store => store.StoreId)] }
                : everywhere with
                {
                    Areas = i is > 0 and <= Stage.Areas ? [$"Area {i - 1}"] : [],
                    Categories = i > Stage.Areas ? [categories[i % categories.Length]] : [],
                    Channels = i > Stage.Areas && i % 4 == 1 ? [Channel.Tag] : [],
                    LeastYen = i > Stage.Areas && i % 4 == 3 ? 1_000 : 0,
                };
            await stage.Db.Transact(tx => tx.Connection!.ExecuteAsync(
                """
                insert into campaign (id, state, terms, budget, cap_per_day, from_ms, until_ms, proposed_by, proposed_ms, approved_by,
                  approved_ms, given_back)
                values (@id, @state, @terms, @Budget, @CapPerDay, @from, @until, 'bench', @from, 'bench', @from, 0)
                """,
                new
                {
                    id,
                    state = CampaignState.Approved,
                    terms = terms.ToJson(),
                    terms.Budget,
                    terms.CapPerDay,
                    from = terms.From.ToUnixTimeMilliseconds(),
                    until = terms.Until.ToUnixTimeMilliseconds(),
                }, tx), ct);
            await stage.Ledger.Post(Booking.Purse(id, new PointAmount(terms.Budget)), ct);
        }
        stage.Db.Notifications.Raise($"{Campaign.News}:all");
        return new RunningOnStage(stage, now);
    }

    /// <summary>How often a campaign gave something, for each payment.</summary>
    public async Task<double> AwardsPerPayment()
    {
        await using var connection = await stage.Db.Connect();
        var at = from.ToUnixTimeMilliseconds();
        var awards = await connection.ExecuteScalarAsync<long>("select count(*) from campaign_award where at_ms >= @at", new { at });
        return awards / (double)Math.Max(1, await connection.ExecuteScalarAsync<long>(
            "select count(*) from payment where at_ms >= @at", new { at }));
    }

    public async Task Close()
    {
        await stage.Db.Transact(tx => tx.Connection!.ExecuteAsync(
            "update campaign set state = @ended", new { ended = CampaignState.Ended }, tx));
        stage.Db.Notifications.Raise($"{Campaign.News}:all");
    }
}
