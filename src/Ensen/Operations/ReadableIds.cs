using System.Data.Common;
using System.Globalization;
using System.Text.RegularExpressions;
using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Points;
using Ensen.Wallet;

namespace Ensen.Operations;

/// <summary>
/// Puts the product's own names where a check's lines have marks: <c>pay_…</c> for the entry of a payment, <c>mbr_…</c> for an owner
/// who is a member, <c>prepaid</c> for a book. Where the tables do not say what it is, an entry is <c>ent_…</c> and anything else
/// <c>id_…</c>.
/// </summary>
sealed partial class ReadableIds(DbConnection connection, Catalogue catalogue)
{
    const string Unknown = "id";

    public async Task<IReadOnlyList<string>> Name(IReadOnlyList<string> lines)
    {
        var named = new List<string>(lines.Count);
        foreach (var line in lines)
        {
            var (text, end) = ("", 0);
            foreach (Match mark in Marks().Matches(line))
            {
                text += line[end..mark.Index] + (await Name(mark.Groups[1].Value, mark.Groups[2].Value.Split(' ')) ?? mark.Value);
                end = mark.Index + mark.Length;
            }
            named.Add(text + line[end..]);
        }
        return named;
    }

    async Task<string?> Name(string what, string[] parts) => Guid.TryParse(parts[0], out var id)
        ? (what, parts) switch
        {
            (IdPlaceholder.OfEntry, [_]) => await Entry(id),
            (IdPlaceholder.OfOwner, [_]) => await Owner(id),
            (IdPlaceholder.OfCharge, [_]) => new ChargeId(id).ToString(),
            (IdPlaceholder.OfAccount, [_, var accountType, var term]) =>
                $"{await Owner(id)}{(id == Chart.Operator ? "'s" : "")} {AccountType(accountType)}{LotOf(accountType, term)}",
            (IdPlaceholder.OfSingleUse, [_, var kind]) => SingleUse(kind, id),
            _ => null,
        }
        : null;

    /// <summary>
    /// By the row of its own before its kind, which could be what was changed; the entry of a charge is known by the charge's id.
    /// </summary>
    async Task<string> Entry(Guid id)
    {
        var details = catalogue.All<DetailCheck>().Select((d, place) =>
            $"select {place} as place, {d.Kind.Number} as kind, d.{d.IdColumn} as id from {d.Table} d where d.entry_id = @id");
        var (number, known) = await connection.QueryFirstOrDefaultAsync<(short, Guid)>(
            $"""
            select cast(n.kind as smallint) as kind, n.id
            from (
              {string.Join("\nunion all\n", details)}
              union all
              select {short.MaxValue} as place, e.kind, e.id from entry e where e.id = @id
            ) n
            order by n.place
            limit 1
            """,
            new { id });
        return catalogue.Numbers<EntryKind>().Find(number) is { } kind ? Receipt.KnownAs(kind, known) : new EntryId(id).ToString();
    }

    /// <summary>An owner's id with its prefix; the programme by its name.</summary>
    public async Task<string> Owner(Guid id)
    {
        if (id == Chart.Operator)
            return "the programme";
        var owners = catalogue.All<IdPrefix>().Where(p => p.OwnersTable is not null).Select(
            p => $"select '{p.Name}' as prefix from {p.OwnersTable} where id = @id");
        return Id.Format(await connection.QueryFirstOrDefaultAsync<string?>(string.Join("\nunion all\n", owners), new { id })
            ?? Unknown, id);
    }

    string AccountType(string number) =>
        short.TryParse(number, CultureInfo.InvariantCulture, out var value) && catalogue.Numbers<AccountType>().Find(value) is { } type
            ? type.Word
            : $"account type {number}";

    static readonly string s_campaignPoints =
        new Lot(LotKind.Campaign, 0).AccountType.Number.ToString(CultureInfo.InvariantCulture);

    static readonly string s_pending = Ledger.AccountType.PendingPoints.Number.ToString(CultureInfo.InvariantCulture);

    static string LotOf(string accountType, string term)
    {
        if (term == "0") return "";
        if (accountType == s_pending)
            return DateOnly.TryParseExact(term, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var from)
                ? $" pending until {new JapanDay(from)}" : $" of term {term}";
        var isCampaign = accountType == s_campaignPoints && term.Length > 3;
        var (day, uses) = isCampaign ? ("20" + term[..^3].PadLeft(6, '0'), term[^3..].TrimStart('0')) : (term, "");
        return DateOnly.TryParseExact(day, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var last)
            ? $" lapsing after {new JapanDay(last)}{(uses.Length > 0 ? $" for use {uses}" : "")}"
            : $" of term {term}";
    }

    string SingleUse(string number, Guid subject) =>
        short.TryParse(number, CultureInfo.InvariantCulture, out var value) && catalogue.Numbers<SingleUseKind>().Find(value) is { } kind
            ? kind.Of(subject)
            : $"a single use of kind {number} of {Id.Format(Unknown, subject)}";

    [GeneratedRegex(@"\[([a-z]+) ([0-9a-f-]+(?: -?[0-9]+)*)\]")]
    private static partial Regex Marks();
}
