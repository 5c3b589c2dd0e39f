using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Actors.Reliability.Crash;

/// <summary>
/// One <c>actors run</c> with <c>data-sync</c>, killed; then <c>actors verify</c> has to say what is there, which is
/// compared with what this finds itself.
/// </summary>
internal sealed class ConsoleKill(Kill kill, CrashFindings findings)
{
    private const int Files = 12;
    private const string Style = "actors run";

    private readonly int _lines = LinesOf(kill.Seed);

    /// <summary>Does it.</summary>
    public async Task RunAsync()
    {
        bool killed;
        using (var process = KilledProcess.Start("Actors.Host.dll", await RunArgumentsAsync()))
        {
            killed = await KillAsync(process);
        }

        using var verify = KilledProcess.Start("Actors.Host.dll", ["verify", kill.Directory, "--json", "-"]);
        var text = await verify.Output.ReadToEndAsync();
        var (exitCode, error) = await verify.EndAsync();
        if (exitCode is not (0 or 1))
        {
            findings.Add(CrashPromise.Verdict, kill.Name, $"verify ended with {exitCode}: {error.Trim()}");
            return;
        }

        using var verdict = JsonDocument.Parse(text);
        Compare(verdict.RootElement, exitCode, killed);
    }

    // Now and then so few that the first files are complete, or all of them, when the kill comes.
    private static int LinesOf(int seed) => (seed % 3) switch { 0 => 2_000, 1 => 40_000, _ => 1_000_000_000 };

    private async Task<string[]> RunArgumentsAsync()
    {
        var scenario = kill.Directory + ".conf";
        await File.WriteAllTextAsync(
            scenario,
            $$"""
            scenario {
              name = killed
              directory = "{{kill.Directory}}"
              files = {{Files}}
              file-name = "{file}.txt"
              backends = [{{kill.Backend}}]
              verify = off
              phases = [
                {
                  name = write, operation = write, unit = line, count = {{_lines}}
                  line = "line {line} of file {file}"
                }
              ]
            }
            actors.engine {
              shards = 2
              writer { durability = data-sync, coalesce = {{(kill.Seed % 2 == 0 ? "on" : "off")}} }
              backend.linux-aio.allow-buffered = on
            }
            """);
        return ["run", scenario, "--quiet"];
    }

    private async Task<bool> KillAsync(KilledProcess process)
    {
        // From the moment when something is in a file; this run has no other sign of life.
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        while (!Directory.EnumerateFiles(kill.Directory, "*.txt", SearchOption.AllDirectories)
            .Any(path => new FileInfo(path).Length > 0))
        {
            if (process.HasEnded)
            {
                break;
            }

            await timer.WaitForNextTickAsync();
        }

        if (await process.KillAfterAsync(kill.Moment))
        {
            return true;
        }

        var (exitCode, error) = await process.EndAsync();
        if (exitCode != 0)
        {
            findings.Add(CrashPromise.Alive, kill.Name, $"actors run ended with {exitCode}: {error.Trim()}");
        }

        return false;
    }

    private void Compare(JsonElement verdict, int exitCode, bool killed)
    {
        var backend = verdict.GetProperty("backends")[0];
        var (complete, partial, missing, lines) = (0, 0, 0, 0L);
        for (var file = 0; file < Files; file++)
        {
            var (found, state) = Look(backend.GetProperty("backend").GetString()!, file);
            lines += found;
            complete += state == "complete" ? 1 : 0;
            partial += state == "partial" ? 1 : 0;
            missing += state == "missing" ? 1 : 0;
            findings.Verdicts++;
        }

        Expect("exit code", exitCode, complete == Files ? 0 : 1);
        Expect("complete files", backend.GetProperty("complete").GetInt32(), complete);
        Expect("partial files", backend.GetProperty("partial").GetInt32(), partial);
        Expect("missing files", backend.GetProperty("missing").GetInt32(), missing);
        Expect("different files", backend.GetProperty("different").GetInt32(), 0);
        Expect("lines", backend.GetProperty("units").GetInt64(), lines);
        if (!killed)
        {
            Expect("complete files of a run that was done", complete, Files);
        }
        else if (complete < Files)
        {
            ExpectState(backend.GetProperty("state").GetString());
        }

        var tally = findings.Of(kill.Backend, Style);
        tally.Kills += killed ? 1 : 0;
        tally.Found += lines;
    }

    /// <summary>What a file holds: a prefix of its lines, or it is a breach.</summary>
    private (long Lines, string State) Look(string backend, int file)
    {
        var path = Path.Combine(kill.Directory, backend, $"{file}.txt");
        if (!File.Exists(path))
        {
            return (0, "missing");
        }

        ReadOnlySpan<byte> rest = File.ReadAllBytes(path);
        for (var line = 0L; line < _lines; line++)
        {
            var expected = Encoding.ASCII.GetBytes(
                string.Create(CultureInfo.InvariantCulture, $"line {line} of file {file}\n"));
            if (!rest.StartsWith(expected))
            {
                if (!expected.AsSpan().StartsWith(rest))
                {
                    findings.Add(CrashPromise.Durable, kill.Name, $"{path}: line {line} is not what was written");
                }

                return (line, "partial");
            }

            rest = rest[expected.Length..];
        }

        return (_lines, "complete");
    }

    private void Expect(string what, long said, long found)
    {
        if (said != found)
        {
            findings.Add(CrashPromise.Verdict, kill.Name, $"{what}: verify says {said}, {found} are there");
        }
    }

    private void ExpectState(string? state)
    {
        if (state != "running")
        {
            findings.Add(CrashPromise.Verdict, kill.Name, $"a killed run is called {state}");
        }
    }
}
