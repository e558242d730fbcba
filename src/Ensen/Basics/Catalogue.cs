using System.Collections.Concurrent;
using System.Collections.Frozen;

namespace Ensen.Basics;

/// <summary>All that the modules of a program declare, in the modules' order. It never changes once it is made.</summary>
public sealed class Catalogue
{
    readonly ConcurrentDictionary<Type, object> _lists = [];
    readonly ConcurrentDictionary<Type, object> _numbers = [];

    /// <summary>Throws <see cref="InvalidOperationException"/> when a name or a number of one sort is declared twice.</summary>
    public Catalogue(IReadOnlyList<Module> modules)
    {
        Modules = modules;
        var all = modules.SelectMany(m => m.Declares.Select(thing => (Module: m.Name, Thing: thing))).ToList();
        var names = all.GroupBy(d => (Sort: d.Thing.GetType(), d.Thing.Name));
        var numbers = all.Where(d => d.Thing is INumbered).GroupBy(d => (Sort: d.Thing.GetType(), Name: $"{((INumbered)d.Thing).Number}"));
        foreach (var twice in names.Concat(numbers).Where(g => g.Count() > 1))
            throw new InvalidOperationException(
                $"{twice.Key.Sort.Name} {twice.Key.Name} is declared by {string.Join(" and by ", twice.Select(d => d.Module))}.");
    }

    public IReadOnlyList<Module> Modules { get; }

    /// <summary>The same catalogue and one more module, the last.</summary>
    public Catalogue With(Module module) => new([.. Modules, module]);

    /// <summary>Everything of this sort, in the order of its declaration.</summary>
    public IReadOnlyList<T> All<T>()
        where T : IDeclared =>
        (IReadOnlyList<T>)_lists.GetOrAdd(typeof(T),
            static (_, own) => own.Modules.SelectMany(m => m.Declares).OfType<T>().ToArray(), this);

    /// <summary>Everything of this sort by the number that the books keep.</summary>
    public NumberTable<T> Numbers<T>()
        where T : class, INumbered =>
        (NumberTable<T>)_numbers.GetOrAdd(typeof(T), static (_, own) => new NumberTable<T>(own.All<T>()), this);

    /// <summary>
    /// What the books mean by this number. Throws <see cref="UndeclaredNumberException"/> when no module of this program declares it.
    /// </summary>
    public T Numbered<T>(short number)
        where T : class, INumbered =>
        Numbers<T>()[number];
}

/// <summary>Numbers of one sort and what they mean.</summary>
public sealed class NumberTable<T>(IEnumerable<T> all)
    where T : class, INumbered
{
    readonly FrozenDictionary<short, T> _all = all.ToFrozenDictionary(thing => thing.Number);

    public T this[short number] => _all.TryGetValue(number, out var thing) ? thing : throw new UndeclaredNumberException(typeof(T), number);

    /// <summary>Null for a number that nobody declares.</summary>
    public T? Find(long number) => number is >= short.MinValue and <= short.MaxValue ? _all.GetValueOrDefault((short)number) : null;
}

/// <summary>
/// The books hold a number that no module of this program declares: a newer program wrote it, or somebody who is no program of ours.
/// </summary>
public sealed class UndeclaredNumberException(Type sort, short number) : Exception($"There is no {sort.Name} {number}.");
