using Ensen.Browser.Support;

[assembly: TestCollectionOrderer(typeof(StartsFirst))]

namespace Ensen.Browser.Support;

/// <summary>The classes that look at many screens, and those that are loaded slowly.</summary>
public sealed class StartsFirst() : LongestFirst(
    nameof(MemberScreensOnSqlite), nameof(RootScreensOnSqlite), nameof(RootScreensOnPostgres), nameof(ScannerTestsOnPostgres),
    nameof(OldBrowserTestsOnPostgres), nameof(MemberTestsOnPostgres), nameof(InReachTestsOnSqlite), nameof(ScannerTestsOnSqlite),
    nameof(MemberTestsOnSqlite), nameof(OldBrowserTestsOnSqlite), nameof(TillRefundTestsOnSqlite), nameof(MemberScreensOnPostgres));
