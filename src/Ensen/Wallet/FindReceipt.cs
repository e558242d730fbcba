using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Merchants;
using Ensen.Storage;

namespace Ensen.Wallet;

/// <summary>Finds a store's payment by the number on its receipt, as far back as it could be refunded.</summary>
public sealed class FindReceipt(Database db, Programme programme, TimeProvider clock)
{
    const int ReadAtOnce = 2_000;
    const int MostRead = 200_000;

    /// <summary>
    /// The latest payment with this number (typed in any case, with or without the hyphen); null when the store has none.
    /// </summary>
    public async Task<PaymentRow?> Run(StoreId store, string typed, CancellationToken ct = default)
    {
        var number = Plain(typed);
        if (number.Length != 7)
            return null;
        await using var connection = await db.Connect(ct);
        var from = Id.First(clock.GetUtcNow().AddDays(-programme.Payments.RefundDays - 1));
        var before = Guid.AllBitsSet;
        for (var read = 0; read < MostRead; read += ReadAtOnce)
        {
            // The number is made from the id and stands in no column: it is looked for among the ids, newest first.
            var ids = (await connection.QueryAsync<EntryId>(
                """
                select g.entry_id
                from posting g
                join payment p on p.entry_id = g.entry_id
                where g.owner = @store
                  and g.entry_id >= @from
                  and g.entry_id < @before
                order by g.entry_id desc
                limit @ReadAtOnce
                """,
                new { store, from, before, ReadAtOnce })).AsList();
            foreach (var id in ids)
                if (Plain(ReceiptNumber.Of(id)) == number)
                    return await Payments.Find(connection, new PaymentId(id));
            if (ids.Count < ReadAtOnce)
                return null;
            before = ids[^1];
        }
        return null;
    }

    // People read O for 0 and I or L for 1; the letters of a receipt have none of the three.
    static string Plain(string typed) => string.Concat(
        typed.Normalize(System.Text.NormalizationForm.FormKC).ToUpperInvariant().Where(char.IsAsciiLetterOrDigit)
            .Select(c => c switch { 'O' => '0', 'I' or 'L' => '1', _ => c }));
}
