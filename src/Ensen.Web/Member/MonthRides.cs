using Ensen.Transit;
using Ensen.Web.Texts;
using Microsoft.Extensions.Localization;

namespace Ensen.Web.Members;

/// <summary>How a ride is written in a member's month: on the railway's day, at its first gate.</summary>
static class MonthRides
{
    public static DateTimeOffset At(CardRide ride) =>
        DateTimeOffset.FromUnixTimeMilliseconds(ride.Judged.Ride.InMs ?? ride.Judged.Ride.OutMs ?? 0);

    /// <summary>Why a ride brought points, or none.</summary>
    public static string Why(JudgedRide judged, IStringLocalizer<MemberWords> words) => words["RideWhy_" + judged.Why, judged.Nth];
}
