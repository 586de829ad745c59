@echo off
rem Abre el programa. Un Windows de 32 bits o anterior a 10 (1809) recibe una explicacion en vez de un error.
rem Solo ASCII: cada Windows lee este archivo con otra tabla de signos.
setlocal
set "linea="
set "version="
set "mayor=10"
set "compilacion="
for /f "delims=" %%l in ('ver') do set "linea=%%l"
for %%w in (%linea%) do set "version=%%w"
for /f "tokens=1 delims=.]" %%a in ("%version%") do set "mayor=%%a"
for /f "tokens=3 delims=.]" %%a in ("%version%") do set "compilacion=%%a"
if %mayor% LSS 10 goto antiguo
if "%compilacion%"=="" goto abrir
if %compilacion% LSS 17763 goto antiguo
if "%PROCESSOR_ARCHITECTURE%"=="x86" if not defined PROCESSOR_ARCHITEW6432 goto antiguo

:abrir
start "" "%~dp0programa\peti-desktop.exe" %*
exit /b 0

:antiguo
start "" notepad.exe "%~dp0Si su Windows es antiguo.txt"
exit /b 3
