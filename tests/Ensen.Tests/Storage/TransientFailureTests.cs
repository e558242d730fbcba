using Ensen.Storage;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Ensen.Tests.Storage;

/// <summary>What passes is told from what does not: a caller is told to ask again only for the first.</summary>
public class TransientFailureTests
{
    [Theory]
    [InlineData("08006", "ERROR")] // Connection failure.
    [InlineData("40001", "ERROR")] // Serialization failure.
    [InlineData("40P01", "ERROR")] // Deadlock.
    [InlineData("53100", "ERROR")] // Disk full.
    [InlineData("53300", "FATAL")] // Too many connections.
    [InlineData("57P01", "FATAL")] // Ended by the operator.
    [InlineData("57P03", "FATAL")] // It begins.
    [InlineData("58030", "ERROR")] // Input or output failed.
    [InlineData("XX000", "FATAL")] // "could not write init file": the disk is full, and nobody gets in.
    [InlineData("XX000", "PANIC")]
    public void PostgreSQL_cannot_now(string state, string severity) => TransientFailure.Is(Said(state, severity)).ShouldBeTrue();

    [Theory]
    [InlineData("22003", "ERROR")] // Out of range.
    [InlineData("23505", "ERROR")] // There already.
    [InlineData("42601", "ERROR")] // Syntax.
    [InlineData("42P01", "ERROR")] // No such table.
    [InlineData("XX000", "ERROR")]
    public void PostgreSQL_never_will(string state, string severity) => TransientFailure.Is(Said(state, severity)).ShouldBeFalse();

    [Theory]
    [InlineData(5, true)] // Busy.
    [InlineData(8, true)] // Read-only.
    [InlineData(10, true)] // Input or output failed.
    [InlineData(13, true)] // Full.
    [InlineData(14, true)] // Cannot be opened.
    [InlineData(1, false)] // An error in the statement.
    [InlineData(11, false)] // Corrupt.
    [InlineData(19, false)] // A constraint.
    public void SQLite(int code, bool passes) => TransientFailure.Is(new SqliteException("sorry", code)).ShouldBe(passes);

    [Fact]
    public void A_broken_connection_passes_and_a_mistake_does_not()
    {
        TransientFailure.Is(new NpgsqlException("sorry", new IOException())).ShouldBeTrue();
        TransientFailure.Is(new TimeoutException()).ShouldBeTrue();
        TransientFailure.Is(new InvalidOperationException()).ShouldBeFalse();
        // A caller's own broken connection is none of the database's.
        TransientFailure.Is(new IOException()).ShouldBeFalse();
    }

    static PostgresException Said(string state, string severity) => new("sorry", severity, severity, state);
}
