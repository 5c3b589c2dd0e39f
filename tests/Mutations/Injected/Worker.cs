using System.Diagnostics;
using System.Text.Json;
using Actors.Engine;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Actors.Mutations;

/// <summary>Runs test cases of this assembly in this process, one after the other, and says on the standard output how each
/// went. Called through the assembly's entry point.</summary>
internal sealed class Worker : IMessageSink, ITestFrameworkDiscoveryOptions, ITestFrameworkExecutionOptions
{
    private const string Mark = "##mutations ";

    private readonly List<ITestCase> _found = [];
    private readonly ManualResetEventSlim _ended = new();
    private string? _failure;
    private bool _skipped;

    /// <summary>Arguments: a file with the names of tests, each behind its class and a tab, in the order in which to run
    /// them; no name: all tests of the class. Without such a file, all tests.</summary>
    public static Task Run(string[] args)
    {
        new Worker().RunAll(args.Length > 0 ? File.ReadAllLines(args[0]) : null);
        Environment.Exit(0);
        return Task.CompletedTask;
    }

    private void RunAll(string[]? wanted)
    {
        var framework = new XunitTestFramework(this);
        var discoverer = framework.GetDiscoverer(Reflector.Wrap(typeof(Worker).Assembly));
        var executor = framework.GetExecutor(typeof(Worker).Assembly.GetName());
        var reached = Environment.GetEnvironmentVariable("ACTORS_MUTANTS_REACHED");
        if (wanted is null)
        {
            _ended.Reset();
            discoverer.Find(false, this, this);
            _ended.Wait();
            foreach (var test in _found.ToArray())
            {
                RunOne(executor, test, reached);
            }

            return;
        }

        var known = new Dictionary<string, Dictionary<string, ITestCase>>();
        foreach (var line in wanted)
        {
            var parts = line.Split('\t');
            if (!known.TryGetValue(parts[0], out var ofClass))
            {
                _found.Clear();
                _ended.Reset();
                discoverer.Find(parts[0], false, this, this);
                _ended.Wait();
                ofClass = known[parts[0]] = _found.DistinctBy(test => test.DisplayName)
                    .ToDictionary(test => test.DisplayName);
            }

            if (parts[1].Length == 0)
            {
                foreach (var test in ofClass.Values)
                {
                    RunOne(executor, test, reached);
                }
            }
            else if (!ofClass.TryGetValue(parts[1], out var found))
            {
                Say(new { name = parts[1], missing = true });
            }
            else if (!RunOne(executor, found, reached))
            {
                return;
            }
        }
    }

    private bool RunOne(ITestFrameworkExecutor executor, ITestCase test, string? reached)
    {
        Say(new { begins = test.DisplayName });
        _failure = null;
        _skipped = false;
        _ended.Reset();
        var began = Stopwatch.GetTimestamp();
        executor.RunTests([test], this, this);
        _ended.Wait();
        Say(new
        {
            name = test.DisplayName,
            @class = test.TestMethod.TestClass.Class.Name,
            method = test.TestMethod.Method.Name,
            ms = (int)Stopwatch.GetElapsedTime(began).TotalMilliseconds,
            failure = _failure,
            skipped = _skipped,
            reached = reached is null ? null : TakeReached(reached),
        });
        return _failure is null;
    }

    private static List<int> TakeReached(string folder)
    {
        var all = MutantSwitch.Reached!;
        foreach (var file in Directory.GetFiles(folder))
        {
            var others = File.ReadAllBytes(file);
            File.Delete(file);
            for (var i = 0; i < others.Length; i++)
            {
                all[i] |= others[i];
            }
        }

        var result = new List<int>();
        for (var i = 0; i < all.Length; i++)
        {
            if (all[i] != 0)
            {
                result.Add(i);
                all[i] = 0;
            }
        }

        return result;
    }

    private static void Say(object what)
    {
        // A test may have left a line without its end.
        Console.Out.Write($"\n{Mark}{JsonSerializer.Serialize(what)}\n");
        Console.Out.Flush();
    }

    bool IMessageSink.OnMessage(IMessageSinkMessage message)
    {
        switch (message)
        {
            case ITestCaseDiscoveryMessage found:
                _found.Add(found.TestCase);
                break;
            case ITestSkipped:
                _skipped = true;
                break;
            case IFailureInformation failure:
                _failure ??= $"{failure.ExceptionTypes.FirstOrDefault()}: {failure.Messages.FirstOrDefault()}";
                break;
            case IDiscoveryCompleteMessage or ITestAssemblyFinished:
                _ended.Set();
                break;
        }

        return true;
    }

    TValue ITestFrameworkOptions.GetValue<TValue>(string name) =>
        name is "xunit.execution.DisableParallelization" or "xunit.execution.SynchronousMessageReporting"
            or "xunit.discovery.PreEnumerateTheories"
            ? (TValue)(object)true
            : default!;

    void ITestFrameworkOptions.SetValue<TValue>(string name, TValue value)
    {
    }
}
