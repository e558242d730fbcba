using System.Data.Common;
using System.Globalization;
using System.Text.RegularExpressions;
using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Wallet;

namespace Ensen.Operations;

/// <summary>
/// Puts the product's own names where a check's lines have marks: <c>pay_…</c> for the entry of a payment, <c>mbr_…</c> for an owner
/// who is a member, <c>prepaid</c> for a book. Where the tables do not say what it is, an entry is <c>ent_…</c> and anything else <c>id_…</c>.
/// </summary>
sealed partial class ReadableIds(DbConnection connection)
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
            (IdPlaceholder.OfCharge, [_]) => Id.Format(Id.Charge, id),
            (IdPlaceholder.OfAccount, [_, var accountType, var term]) => $"{await Owner(id)}{(id == Chart.Operator ? "'s" : "")} {AccountType(accountType)}{Lot(term)}",
            (IdPlaceholder.OfSingleUse, [_, var kind]) => SingleUse(kind, id),
            _ => null,
        }
        : null;

    /// <summary>By the row of its own before its kind, which could be what was changed; the entry of a charge is known by the charge's id.</summary>
    async Task<string> Entry(Guid id)
    {
        var (kind, known) = await connection.QueryFirstOrDefaultAsync<(EntryKind, Guid)>(
            """
            select cast(n.kind as smallint) as kind, n.id
            from (
              select 1 as place, 1 as kind, c.id from charge c where c.entry_id = @id
              union all
              select 2 as place, 2 as kind, p.entry_id as id from payment p where p.entry_id = @id
              union all
              select 3 as place, 3 as kind, r.entry_id as id from refund r where r.entry_id = @id
              union all
              select 4 as place, 4 as kind, t.entry_id as id from transfer t where t.entry_id = @id
              union all
              select 5 as place, e.kind, e.id from entry e where e.id = @id
            ) n
            order by n.place
            limit 1
            """,
            new { id });
        return Enum.IsDefined(kind) ? Receipt.KnownAs(kind, known) : Id.Format(Id.Entry, id);
    }

    async Task<string> Owner(Guid id) => id == Chart.Operator ? "the programme" : Id.Format(
        await connection.QueryFirstOrDefaultAsync<string?>(
            """
            select o.prefix
            from (
              select 'mbr' as prefix from member m where m.id = @id
              union all
              select 'str' as prefix from store s where s.id = @id
              union all
              select 'mer' as prefix from merchant c where c.id = @id
            ) o
            limit 1
            """,
            new { id }) ?? Unknown,
        id);

    static string AccountType(string number) =>
        short.TryParse(number, CultureInfo.InvariantCulture, out var accountType) && Enum.IsDefined((AccountType)accountType) ? ((AccountType)accountType).Word() : $"account type {number}";

    static string Lot(string term) =>
        term == "0" ? ""
        : DateOnly.TryParseExact(term, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? $" lapsing after {new JapanDay(day)}"
        : $" of term {term}";

    static string SingleUse(string kind, Guid subject) => (short.TryParse(kind, CultureInfo.InvariantCulture, out var number) ? (SingleUseKind)number : 0) switch
    {
        SingleUseKind.CodeUsed => $"the use of shown code {Id.Format(Unknown, subject)}",
        SingleUseKind.OrderPaid => $"the payment of order {Id.Format(Unknown, subject)}",
        SingleUseKind.TagTouched => $"a touch of {Id.Format(Id.Tag, subject)}",
        SingleUseKind.RefundOf => $"a refund of {Id.Format(Id.Payment, subject)}",
        SingleUseKind.ChargeSettled => $"the settling of {Id.Format(Id.Charge, subject)}",
        _ => $"a single use of kind {kind} of {Id.Format(Unknown, subject)}",
    };

    [GeneratedRegex(@"\[([a-z]+) ([0-9a-f-]+(?: -?[0-9]+)*)\]")]
    private static partial Regex Marks();
}
