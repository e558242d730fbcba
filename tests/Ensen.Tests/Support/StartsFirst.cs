using Ensen.Tests.Api;
using Ensen.Tests.Chaos;
using Ensen.Tests.Support;
using Ensen.Tests.Web;

[assembly: TestCollectionOrderer(typeof(StartsFirst))]

namespace Ensen.Tests.Support;

/// <summary>Faults and kills of whole servers, the making of towns, and whatever starts the program over and over.</summary>
public sealed class StartsFirst() : LongestFirst(
    nameof(Doomed), nameof(TownTests), nameof(KillTests), nameof(CommandTests), nameof(RealInstallationTests));
