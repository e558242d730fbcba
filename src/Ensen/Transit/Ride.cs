using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Ensen.Basics;

namespace Ensen.Transit;

/// <summary>A ride as gates tell it: which line of what was delivered, card, stations, fare and instants. A missed gate has
/// neither.</summary>
/// <param name="Text">The line as it came; empty where it came in fields.</param>
public sealed record FedRide(
    long Line, string? Card, string? From, string? To, long? Fare, DateTimeOffset? InAt, DateTimeOffset? OutAt, RideFault Fault =
        RideFault.None,
    string Text = "");

/// <summary>Why a line is no ride. The numbers are kept.</summary>
public enum RideFault : short
{
    None = 0,

    /// <summary>There are not six fields.</summary>
    InvalidLine = 1,
    InvalidCard = 2,

    /// <summary>A gate was passed and its station is no name, or the other way round.</summary>
    InvalidStation = 3,
    InvalidFare = 4,

    /// <summary>No instant at all, one that is none, or out before in.</summary>
    InvalidTime = 5,
    InFuture = 6,

    /// <summary>Before the years that the calendar covers.</summary>
    TooOld = 7,

    /// <summary>The very same ride is known with another fare.</summary>
    OtherFare = 8,
}

/// <summary>
/// A ride as it is kept; <paramref name="Id"/> is a hash of what makes it this ride. <paramref name="Feed"/> and <paramref name="Line"/>:
/// where it was told first; deliveries sort by time.
/// </summary>
public sealed record Ride(
    int Month, Guid Card, Guid Id, int Day, string? FromStation, string? ToStation, long Fare, long? InMs, long? OutMs, Guid Feed = default,
    long Line = 0)
{
    internal long AtMs => InMs ?? OutMs ?? 0;

    internal bool IsWhole => InMs is not null && OutMs is not null;
}

/// <summary>Makes rides of what was fed, or says why a line is none.</summary>
sealed class RideReader(CardKeys keys, TransitRules rules, DateTimeOffset now)
{
    const long MostFare = 100_000;
    const int LongestName = 40;
    static readonly TimeSpan s_longest = TimeSpan.FromHours(24);

    /// <summary>Gates whose clocks are wrong are put right within a month; what is further ahead is nonsense.</summary>
    static readonly TimeSpan s_ahead = TimeSpan.FromDays(31);

    readonly byte[] _said = new byte[512];

    public (Ride? Ride, RideFault Fault) Read(FedRide fed)
    {
        if (fed.Fault != RideFault.None) return (null, fed.Fault);
        if (CardKeys.Read(fed.Card) is not { } number) return (null, RideFault.InvalidCard);
        if (!IsGate(fed.From, fed.InAt, out var from) || !IsGate(fed.To, fed.OutAt, out var to)) return (null, RideFault.InvalidStation);
        if (fed.Fare is not (>= 0 and <= MostFare)) return (null, RideFault.InvalidFare);
        if ((fed.InAt ?? fed.OutAt) is not { } at || fed.OutAt < fed.InAt
            || fed.OutAt - fed.InAt > s_longest) return (null, RideFault.InvalidTime);
        if (at > now + s_ahead) return (null, RideFault.InFuture);
        if (at.Year <= JapaneseCalendar.FirstYear) return (null, RideFault.TooOld);
        var day = ServiceDay.Of(at, rules);
        var card = keys.Of(number);
        var (inMs, outMs) = (fed.InAt?.ToUnixTimeMilliseconds(), fed.OutAt?.ToUnixTimeMilliseconds());
        return (new Ride(day.Month, card, IdOf(card, from, to, inMs, outMs), day.Number, from, to, fed.Fare.Value, inMs, outMs,
            Line: fed.Line), RideFault.None);
    }

    /// <summary>The same ride has the same id whenever and however it comes.</summary>
    Guid IdOf(Guid card, string? from, string? to, long? inMs, long? outMs)
    {
        var said = _said.AsSpan();
        card.TryWriteBytes(said, bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(said[16..], inMs ?? -1);
        BinaryPrimitives.WriteInt64BigEndian(said[24..], outMs ?? -1);
        var length = 32 + Encoding.UTF8.GetBytes(from ?? "", said[32..]);
        said[length++] = 0;
        length += Encoding.UTF8.GetBytes(to ?? "", said[length..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(said[..length], hash);
        return new Guid(hash[..16], bigEndian: true);
    }

    /// <summary>
    /// A gate that was passed has a station and an instant, one that was missed neither. <paramref name="name"/> is the station's as it is
    /// kept, null where it was missed.
    /// </summary>
    static bool IsGate(string? station, DateTimeOffset? at, out string? name)
    {
        name = null;
        if (string.IsNullOrWhiteSpace(station))
            return at is null;
        if (at is null || station.Length > 4 * LongestName || station.Any(c => char.IsControl(c) || char.IsSurrogate(c)
            || c is '\uFFFD' or '\u2028' or '\u2029'))
            return false;
        name = StationName.Of(station);
        return name.Length is > 0 and <= LongestName;
    }
}

/// <summary>The name of a station as it is kept and compared: in one way, however wide or in how many parts it was written.</summary>
static class StationName
{
    public static string Of(string written) => written.Normalize(NormalizationForm.FormKC).Trim();
}
