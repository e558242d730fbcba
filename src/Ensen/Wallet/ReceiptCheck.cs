using System.Globalization;
using System.Text;
using System.Text.Json;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Merchants;
using Ensen.Points;

namespace Ensen.Wallet;

/// <summary>What a receipt that holds proves, and under which of the given roots.</summary>
/// <param name="ByDay">True: under the root of its day. False: under the hash of its seal alone, whose day is then not proven.</param>
public sealed record CheckedReceipt(Receipt Receipt, string Root, bool ByDay);

/// <summary>
/// Checks a receipt's file against roots from elsewhere, without database and network: the proof leads to one of them, and what people
/// read on the receipt is what the proof says (docs/receipts.md).
/// </summary>
public sealed class ReceiptCheck(Catalogue catalogue)
{
    /// <param name="roots">Roots of days or, before the day is closed, hashes of seals: 64 hexadecimal digits.</param>
    /// <returns>What is proven, or the first thing that is wrong.</returns>
    public (CheckedReceipt? Proven, string? Wrong) Of(ReadOnlySpan<byte> file, IReadOnlyCollection<string> roots)
    {
        Receipt receipt;
        Proven proven;
        try
        {
            receipt = Receipt.Read(file.StartsWith(Encoding.UTF8.Preamble) ? file[Encoding.UTF8.Preamble.Length..] : file);
            proven = ProofCheck.Of(receipt.Proof);
        }
        catch (JsonException e)
        {
            return (null, $"this is not a receipt with proof: {Line(e.Message)}");
        }
        catch (WrongProofException e)
        {
            return (null, e.Message);
        }
        if (Differs(receipt) is { } difference)
            return (null, difference);
        var (seal, day) = (Convert.ToHexStringLower(proven.Seal), proven.Day is null ? null : Convert.ToHexStringLower(proven.Day));
        if (day is not null && roots.Contains(day, StringComparer.OrdinalIgnoreCase))
            return (new CheckedReceipt(receipt, day, true), null);
        if (roots.Contains(seal, StringComparer.OrdinalIgnoreCase))
            return (new CheckedReceipt(receipt, seal, false), null);
        return (null, day is not null
            ? $"it leads to {day} as the root of {receipt.Proof.Day!.Date}, which is none of the given roots: the receipt was changed, or the root is of another day"
            : $"it leads to seal {seal}, which is none of the given roots; its day was not closed when it was given: get the receipt again to check it by the root of its day");
    }

    /// <summary>Where the part that people read says something else than the proof; null when nowhere.</summary>
    string? Differs(Receipt receipt)
    {
        var (entry, proof) = (receipt.Proof.Entry, receipt.Proof);
        if (catalogue.Numbers<EntryKind>().Find(entry.Kind) is not { } kind) return "kind: there is no such kind";
        var id = new EntryId(Guid.ParseExact(entry.Id, "N"));
        if (receipt.Kind != kind.Word) return "kind is not what was sealed";
        if (!IsKnownAs(receipt, kind, id)) return "entryId is not what was sealed";
        if (entry.AtMs is < 0 or > 253_402_300_799_999 || receipt.At != DateTimeOffset.FromUnixTimeMilliseconds(entry.AtMs))
            return "at is not what was sealed";
        if (receipt.ReceiptNumber != Wallet.ReceiptNumber.Of(id)) return "receiptNumber is not the entry's";
        if (receipt.StoreId != (entry.Store is null ? null : new StoreId(Guid.ParseExact(entry.Store, "N")).ToString()))
            return "storeId is not what was sealed";
        if (receipt.StoreName is not null && entry.Store is null) return "storeName: no store took part";
        var legs = proof.Legs.Where(l => l.Owner == proof.Party).Select(Read).ToList();
        return legs.Count > 0 && receipt.Legs.SequenceEqual(legs) ? null : "legs are not what was sealed";
    }

    /// <summary>An entry is known by its own id; the entry of a charge by the charge's, whose hash is what was asked.</summary>
    static bool IsKnownAs(Receipt receipt, EntryKind kind, EntryId id) =>
        receipt.EntryId == Receipt.KnownAs(kind, id)
        || (kind == EntryKind.Charge && receipt.Proof.Initiator.Request is { } request
            && Id.TryParse(receipt.EntryId, out ChargeId charge)
            && request == Convert.ToHexStringLower(GiveReceipt.RequestOf(charge)));

    ReceiptLeg? Read(ProvenLeg leg)
    {
        var (accountType, term) = (catalogue.Numbers<AccountType>().Find(leg.AccountType!.Value), leg.Term!.Value);
        // The term of campaign points: their last day from the year 2000 on, and three digits for what they are for.
        var day = accountType == AccountType.CampaignPoints ? 20_000_000 + term / 1_000 : term;
        var isDate = DateOnly.TryParseExact(day.ToString("00000000", CultureInfo.InvariantCulture), "yyyyMMdd",
            CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
        var hasDay = accountType == AccountType.PendingPoints
            || accountType is not null && Lot.Of(accountType, term) is { Kind: not LotKind.ChargeOnly };
        return accountType is not null && (hasDay ? isDate : term == 0)
            ? ReceiptLeg.Of(new Leg(Guid.ParseExact(leg.Owner!, "N"), accountType, term, leg.Amount!.Value)) : null;
    }

    static string Line(string message) => message.ReplaceLineEndings(" ");
}
