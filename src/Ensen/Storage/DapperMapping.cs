using System.Data;
using System.Globalization;
using System.Reflection;
using Dapper;
using Ensen.Basics;
using Microsoft.Data.Sqlite;

namespace Ensen.Storage;

/// <summary>
/// How rows become records on both engines: <c>snake_case</c> columns fill a record's constructor by name, SQLite's 64-bit integers
/// become whatever the record says, and ids are uuid on PostgreSQL and 16 big-endian bytes on SQLite.
/// </summary>
static class DapperMapping
{
    static readonly Lock s_lock = new();
    static readonly HashSet<Type> s_ids = [];

    /// <summary>Once for what every program reads, and once for each type of id that a module of this one declares.</summary>
    internal static void Register(Catalogue catalogue)
    {
        lock (s_lock)
        {
            if (s_ids.Add(typeof(Guid)))
                RegisterWhatAllRead();
            foreach (var prefix in catalogue.All<IdPrefix>().Where(prefix => s_ids.Add(prefix.IdType)))
                SqlMapper.AddTypeHandler(prefix.IdType,
                    (SqlMapper.ITypeHandler)Activator.CreateInstance(typeof(TypedIds<>).MakeGenericType(prefix.IdType))!);
        }
    }

    static void RegisterWhatAllRead()
    {
        SqlMapper.RemoveTypeMap(typeof(Guid));
        SqlMapper.RemoveTypeMap(typeof(Guid?));
        SqlMapper.AddTypeHandler(new Ids());
        SqlMapper.AddTypeHandler(new Numbers<Yen>(value => new Yen(value), yen => yen.Value));
        SqlMapper.AddTypeHandler(new Numbers<PointAmount>(value => new PointAmount(value), points => points.Value));
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        SqlMapper.TypeMapProvider = type => OnlyConstructor(type) is not { } constructor ? new DefaultTypeMap(type)
            : type.IsValueType ? throw new NotSupportedException(
                $"Rows of {type.Name} would all be empty: Dapper calls no constructor of a struct. Read a record class or a tuple.")
            : new RecordMap(constructor);
    }

    /// <summary>A positional record has one public constructor, and it takes values.</summary>
    static ConstructorInfo? OnlyConstructor(Type type) =>
        type.GetConstructors() is [{ } only] && only.GetParameters().Length > 0
            && type.Namespace?.StartsWith(nameof(Ensen), StringComparison.Ordinal) == true
            ? only
            : null;

    sealed class Ids : SqlMapper.TypeHandler<Guid>
    {
        public override void SetValue(IDbDataParameter parameter, Guid value) => Write(parameter, value);

        public override Guid Parse(object value) => Read(value);

        public static void Write(IDbDataParameter parameter, Guid value)
        {
            if (parameter is SqliteParameter sqlite)
            {
                sqlite.SqliteType = SqliteType.Blob;
                sqlite.Value = value.ToByteArray(bigEndian: true);
            }
            else
            {
                parameter.DbType = DbType.Guid;
                parameter.Value = value;
            }
        }

        public static Guid Read(object value) => value switch
        {
            Guid id => id,
            byte[] bytes => new Guid(bytes, bigEndian: true),
            _ => throw new DataException($"An id column holds a {value.GetType().Name}."),
        };
    }

    sealed class TypedIds<TId> : SqlMapper.TypeHandler<TId>
        where TId : struct, ITypedId<TId>
    {
        public override void SetValue(IDbDataParameter parameter, TId value) => Ids.Write(parameter, value.Value);

        public override TId Parse(object value) => TId.Of(Ids.Read(value));
    }

    /// <summary>What is kept as a whole number and read as what the number counts.</summary>
    sealed class Numbers<T>(Func<long, T> read, Func<T, long> write) : SqlMapper.TypeHandler<T>
        where T : struct
    {
        public override void SetValue(IDbDataParameter parameter, T value)
        {
            parameter.DbType = DbType.Int64;
            parameter.Value = write(value);
        }

        public override T Parse(object value) => read(Convert.ToInt64(value, CultureInfo.InvariantCulture));
    }

    sealed class RecordMap(ConstructorInfo constructor) : SqlMapper.ITypeMap
    {
        readonly Dictionary<string, ParameterInfo> _parameters =
            constructor.GetParameters().ToDictionary(p => p.Name!, StringComparer.OrdinalIgnoreCase);

        public ConstructorInfo FindConstructor(string[] names, Type[] types) => constructor;

        public ConstructorInfo? FindExplicitConstructor() => null;

        public SqlMapper.IMemberMap? GetConstructorParameter(ConstructorInfo _, string columnName) =>
            _parameters.TryGetValue(columnName.Replace("_", "", StringComparison.Ordinal), out var parameter)
                ? new Parameter(columnName, parameter) : null;

        public SqlMapper.IMemberMap? GetMember(string columnName) => null;
    }

    sealed class Parameter(string columnName, ParameterInfo parameter) : SqlMapper.IMemberMap
    {
        public string ColumnName => columnName;
        public Type MemberType => parameter.ParameterType;
        public PropertyInfo? Property => null;
        public FieldInfo? Field => null;
        ParameterInfo SqlMapper.IMemberMap.Parameter => parameter;
    }
}
