using System.Diagnostics;
using Actors.Engine.Tests.Scenario;
using Xunit;

namespace Actors.Engine.Tests.Faults.Real;

/// <summary>
/// A test's body in a process of its own, for what would hit every other test: limits of the process, system calls that
/// a tracer makes fail. The process is this assembly, run as a program.
/// </summary>
internal static class Child
{
    private const int Skipped = 77;
    private const int Aborted = 134;

    /// <summary>Runs a static method there; what it throws is thrown here, as text.</summary>
    /// <param name="body">The method; it gets <paramref name="arguments"/>.</param>
    /// <param name="wrapper">A command that runs the command after it, such as strace; may be empty.</param>
    /// <param name="arguments">For the method.</param>
    public static async Task RunAsync(Func<string[], Task> body, string[] wrapper, params string[] arguments)
    {
        var method = body.Method;
        Assert.True(method.IsStatic);
        var result = await Tool.RunAsync(
        [
            .. wrapper, DotNet, "exec", typeof(Child).Assembly.Location,
            method.DeclaringType!.FullName!, method.Name, .. arguments,
        ]);
        Skip.If(result.ExitCode == Skipped, result.Output);
        Skip.If(
            result.ExitCode == Aborted && result.Output.StartsWith("Out of memory", StringComparison.Ordinal),
            "the runtime itself wanted a thread or a descriptor just when there was none, and gave up");
        Assert.True(result.ExitCode == 0, $"exit code {result.ExitCode}: {result.Output}");
    }

    /// <summary>The entry point of this assembly. The test runner does not use it.</summary>
    public static async Task<int> Main(string[] args)
    {
        if (args.Length < 2)
        {
            Console.Error.WriteLine("This is a test assembly: dotnet test.");
            return 2;
        }

        try
        {
            var method = Type.GetType(args[0], throwOnError: true)!.GetMethod(args[1])!;
            await method.CreateDelegate<Func<string[], Task>>()(args[2..]);
            return 0;
        }
        catch (SkipException e)
        {
            Console.WriteLine(e.Message);
            return Skipped;
        }
        catch (Exception e)
        {
            Console.WriteLine(e);
            return 1;
        }
    }

    /// <summary>A backend and what it says, in a child that goes through several.</summary>
    public static async Task ForEachAsync(IEnumerable<string> backends, Func<string, Task> play)
    {
        foreach (var backend in backends)
        {
            try
            {
                await play(backend).WaitAsync(2 * EngineScenario.Patience);
            }
            catch (SkipException)
            {
                // This machine does not have it; the others are looked at all the same.
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"on {backend}: {e.Message}", e);
            }
        }
    }

    /// <summary>The host of this process; a test host that is a program of its own needs the one on the path.</summary>
    private static string DotNet =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";
}
