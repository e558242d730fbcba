using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Ensen.Storage;

/// <summary>Tells failures of the database, which pass, from mistakes of ours, which do not.</summary>
public static class Away
{
    const int Busy = 5, ReadOnly = 8, IoError = 10, Full = 13, CannotOpen = 14;

    /// <summary>
    /// The database cannot be reached, has no room, ends or begins, or others were first each time: nobody knows whether what was asked was
    /// done, and asked again it may be. Whatever PostgreSQL calls fatal ended the connection, for whatever reason: on a full disk it cannot
    /// even let anybody in, and has no code for that.
    /// </summary>
    public static bool Is(Exception e) => e switch
    {
        PostgresException p => p.IsTransient || p.InvariantSeverity is "FATAL" or "PANIC" || p.SqlState[..2] is "08" or "53" or "57" or "58",
        SqliteException s => s.SqliteErrorCode is Busy or ReadOnly or IoError or Full or CannotOpen,
        DbException or TimeoutException => true,
        _ => false,
    };
}
