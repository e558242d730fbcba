namespace Ensen.Tests.Chaos;

/// <summary>What is done to the product while it is used.</summary>
public enum Fault
{
    /// <summary>SIGKILL to the web server; another one is started on the same database.</summary>
    ServerKilled = 1,

    /// <summary>SIGKILL to every process of PostgreSQL; it is started again.</summary>
    PostgresKilled = 2,

    /// <summary>SIGKILL to one process of PostgreSQL that serves a client: PostgreSQL ends all others, and recovers by itself.</summary>
    BackendKilled = 3,

    /// <summary>SIGSTOP to every process of PostgreSQL, and SIGCONT when the callers have felt it.</summary>
    PostgresStopped = 4,

    /// <summary>Not a byte is left where PostgreSQL writes; then there is room again.</summary>
    DiskFull = 5,

    /// <summary>Connections are cut when a COMMIT is sent, before it arrives.</summary>
    CutBeforeCommit = 6,

    /// <summary>Connections are cut when a COMMIT is done, before its acknowledgement comes back.</summary>
    CutAfterCommit = 7,

    /// <summary>
    /// SIGKILL to the web server when its COMMIT is done and it has not heard of it: its callers were told nothing of what is in the books.
    /// </summary>
    ServerKilledAtCommit = 8,
}
