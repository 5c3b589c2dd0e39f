using System.Diagnostics;

namespace Actors.Adversary.Neighbours;

/// <summary>Another process that is at the same files: this assembly, run as a program, fed by its standard input. One
/// for all programs of a process; a request at a time.</summary>
internal sealed class Neighbour : IAsyncDisposable
{
    /// <summary>The hidden command of the entry point.</summary>
    public const string Command = "neighbour";

    private readonly SemaphoreSlim _turn = new(1);
    private readonly Process _process;

    private Neighbour(Process process) => _process = process;

    public static Neighbour Begin()
    {
        var start = new ProcessStartInfo(ThisProgram.DotNet)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false,
        };
        foreach (var word in ThisProgram.Arguments.Append(Command))
        {
            start.ArgumentList.Add(word);
        }

        return new Neighbour(Process.Start(start)!);
    }

    /// <summary>Has something done and waits until it is.</summary>
    /// <returns>Whether it could be done.</returns>
    public async Task<bool> DoAsync(params string[] words)
    {
        await _turn.WaitAsync();
        try
        {
            await _process.StandardInput.WriteLineAsync(string.Join('\t', words));
            await _process.StandardInput.FlushAsync();
            var answer = await _process.StandardOutput.ReadLineAsync()
                ?? throw new InvalidOperationException("the neighbour has gone");
            return answer.StartsWith("done", StringComparison.Ordinal);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _turn.Dispose();
    }
}
