using System.Collections.Concurrent;
using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Ensen.Storage;

namespace Ensen.Tests.Support;

/// <summary>A real database that notes each statement it is sent: what two requests made it do can be held beside each other.</summary>
sealed class CountedDatabase(Database real) : Database(real.Catalogue)
{
    readonly ConcurrentQueue<string> _statements = new();

    public override Engine Engine => real.Engine;
    public override Notifications Notifications => real.Notifications;

    /// <summary>What was sent since the last time that somebody took it.</summary>
    public IReadOnlyList<string> Take()
    {
        var taken = new List<string>();
        while (_statements.TryDequeue(out var statement))
            taken.Add(statement);
        return taken;
    }

    public override async Task<DbConnection> Connect(CancellationToken ct = default)
    {
        _statements.Enqueue("connect");
        return new Connection(await real.Connect(ct), _statements);
    }

    public override Task<T> TransactOnce<T>(Func<DbTransaction, Task<T>> work, CancellationToken ct = default)
    {
        _statements.Enqueue("begin");
        return real.TransactOnce(tx => work(new Transaction(tx, _statements)), ct);
    }

    internal override Task<DateTimeOffset?> TimeOf(DbConnection connection, CancellationToken ct) =>
        real.TimeOf(((Connection)connection).Real, ct);
    public override IAsyncDisposable RelaxDurability() => real.RelaxDurability();
    public override bool IsConflict(DbException e) => real.IsConflict(e);
    public override bool IsDuplicate(DbException e) => real.IsDuplicate(e);
    internal override Task Migrating(Func<DbConnection, Task> work, CancellationToken ct) => real.Migrating(work, ct);
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    sealed class Connection(DbConnection real, ConcurrentQueue<string> statements) : DbConnection
    {
        public DbConnection Real => real;

        [AllowNull]
        public override string ConnectionString { get => real.ConnectionString; set => real.ConnectionString = value; }
        public override string Database => real.Database;
        public override string DataSource => real.DataSource;
        public override string ServerVersion => real.ServerVersion;
        public override ConnectionState State => real.State;
        public override void ChangeDatabase(string databaseName) => real.ChangeDatabase(databaseName);
        public override void Open() => real.Open();
        public override void Close() => real.Close();
        protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) => throw new NotSupportedException();
        protected override DbCommand CreateDbCommand() => new Command(real.CreateCommand(), statements);
        public override async ValueTask DisposeAsync()
        {
            await real.DisposeAsync();
            await base.DisposeAsync();
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                real.Dispose();
            base.Dispose(disposing);
        }
    }

    sealed class Transaction(DbTransaction real, ConcurrentQueue<string> statements) : DbTransaction
    {
        public DbTransaction Real => real;
        public override IsolationLevel IsolationLevel => real.IsolationLevel;
        protected override DbConnection DbConnection => new Connection(real.Connection!, statements);
        public override void Commit() => real.Commit();
        public override void Rollback() => real.Rollback();
    }

    sealed class Command(DbCommand real, ConcurrentQueue<string> statements) : DbCommand
    {
        [AllowNull]
        [SuppressMessage("Security", "CA2100", Justification = "The text is handed on as the product wrote it.")]
        public override string CommandText { get => real.CommandText; set => real.CommandText = value; }
        public override int CommandTimeout { get => real.CommandTimeout; set => real.CommandTimeout = value; }
        public override CommandType CommandType { get => real.CommandType; set => real.CommandType = value; }
        public override bool DesignTimeVisible { get => real.DesignTimeVisible; set => real.DesignTimeVisible = value; }
        public override UpdateRowSource UpdatedRowSource { get => real.UpdatedRowSource; set => real.UpdatedRowSource = value; }
        protected override DbConnection? DbConnection { get => real.Connection; set => real.Connection = value is Connection c ? c.Real : value; }
        protected override DbParameterCollection DbParameterCollection => real.Parameters;
        protected override DbTransaction? DbTransaction
        {
            get => real.Transaction;
            set => real.Transaction = value is Transaction t ? t.Real : value;
        }

        public override void Cancel() => real.Cancel();
        public override void Prepare() => real.Prepare();
        protected override DbParameter CreateDbParameter() => real.CreateParameter();
        public override int ExecuteNonQuery() => Noted().ExecuteNonQuery();
        public override object? ExecuteScalar() => Noted().ExecuteScalar();
        protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => Noted().ExecuteReader(behavior);
        public override Task<int> ExecuteNonQueryAsync(CancellationToken cancellationToken) => Noted().ExecuteNonQueryAsync(cancellationToken);
        public override Task<object?> ExecuteScalarAsync(CancellationToken cancellationToken) => Noted().ExecuteScalarAsync(cancellationToken);
        protected override Task<DbDataReader> ExecuteDbDataReaderAsync(CommandBehavior behavior, CancellationToken cancellationToken) =>
            Noted().ExecuteReaderAsync(behavior, cancellationToken);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                real.Dispose();
            base.Dispose(disposing);
        }

        DbCommand Noted()
        {
            statements.Enqueue(real.CommandText);
            return real;
        }
    }
}
