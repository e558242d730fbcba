namespace Ensen.Tests.Support;

/// <summary>The databases the product runs on; every storage test runs on each of them.</summary>
public enum Engine
{
    Sqlite = 1,
    Postgres = 2,
}
