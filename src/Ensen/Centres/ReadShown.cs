using Ensen.Access;
using Ensen.Basics;
using Ensen.Codes;
using Ensen.Formats;
using Ensen.Members;

namespace Ensen.Centres;

/// <summary>Numbers by which a member earns beside the member's own: each module that has such declares one of these.</summary>
public interface IEarningNumbers
{
    /// <summary>Whose number it is; null when it is none of these, or nobody's.</summary>
    Task<MemberId?> Find(string typed, CancellationToken ct);
}

/// <summary>What a customer showed, and who that is. <paramref name="Code"/>: the one-time code, where it was one.</summary>
public sealed record Shown(MemberId MemberId, ShownVia Via, ShownCodeRow? Code = null);

/// <summary>Why nobody was found by what was shown.</summary>
public enum ReadShownRefusal
{
    None = 0,
    InvalidCode = 1,
    CodeExpired = 2,
    TooManyRequests = 3,
}

/// <summary>Reads what a point till scanned or its staff typed: the member's number, a one-time code, the number of a point card.</summary>
public sealed class ReadShown(
    ShowCode codes, MemberCodes numbers, IEnumerable<IEarningNumbers> others, Sessions sessions, AttemptLimiter tries, Programme programme,
    TimeProvider clock)
{
    /// <summary>As at a store's till: wrong codes are slowed down and never lock the counter.</summary>
    static readonly AttemptPace Misses = new(20, TimeSpan.FromMinutes(15), TimeSpan.FromSeconds(15));

    /// <summary>How long a till that missed too often should wait.</summary>
    public static TimeSpan ComeAgain => TimeSpan.FromSeconds(15);

    public async Task<Answer<Shown, ReadShownRefusal>> Run(PointTillId till, string typed, CancellationToken ct = default)
    {
        var who = Id.Bare(till);
        if (await tries.WaitOf("point-code", who, Misses, ct) > TimeSpan.Zero) return ReadShownRefusal.TooManyRequests;
        if (await Whose(typed, ct) is not { } shown)
        {
            if (TypedDigits.Number(typed) is not null)
                await tries.Pace("point-code", who, Misses, TimeSpan.FromMinutes(15), ct);
            return ReadShownRefusal.InvalidCode;
        }
        if (shown.Code is { } code && (code.HasLapsed(clock.GetUtcNow())
            || !await sessions.IsOpen(Subject.Member(code.MemberId), code.SessionId, ct)))
            return ReadShownRefusal.CodeExpired;
        return shown;
    }

    /// <summary>Whom it names, also when it has lapsed; null when nobody.</summary>
    internal async Task<Shown?> Whose(string typed, CancellationToken ct)
    {
        if (IsShownCode(typed, out var number))
            return await codes.Find(number!, ct) is { } code ? new Shown(code.MemberId, ShownVia.ShownCode, code) : null;
        if (MemberCode.TryRead(typed, out var own))
            return await numbers.Find(own, ct) is { } member ? new Shown(member, ShownVia.MemberNumber) : null;
        foreach (var other in others)
            if (await other.Find(typed, ct) is { } member)
                return new Shown(member, ShownVia.PointCard);
        return null;
    }

    /// <summary>Whether the same receipt names the same customer; a one-time code that is forgotten by now is taken at its word.</summary>
    internal async Task<bool> IsSame(MemberId member, string typed, CancellationToken ct) =>
        await Whose(typed, ct) is { } shown ? shown.MemberId == member : IsShownCode(typed, out _);

    bool IsShownCode(string typed, out ShownCodeNumber? number) =>
        ShownCodeNumber.TryScan(typed, programme.Codes.Prefix, out number, out _);
}
